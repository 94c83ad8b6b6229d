using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Containers;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Checkpoints;

/// <summary>Has criu write a container to images. Whatever fails, the container goes on as before.</summary>
/// <param name="record">The container.</param>
/// <param name="spec">Its specification.</param>
/// <param name="cgroup">Its group.</param>
/// <param name="options">How.</param>
internal sealed class ContainerDump(ContainerRecord record, RuntimeSpec spec, Cgroup cgroup, CheckpointOptions options)
{
    /// <summary>Does it.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: criu refuses, with its reason; others: there is no criu, or an option is wrong.</exception>
    /// <exception cref="LinuxException">The directories can be neither made nor opened.</exception>
    public void Run()
    {
        CheckParent();
        using var status = OpenStatus();
        var directories = CriuDirectories.Make(options.Criu, NamespaceSet.From(spec.Linux?.Namespaces).Has("user"));
        if (options.PreDump || options.Criu.LazyPages)
        {
            CheckFeatures(new CriuFeatures(options.PreDump, options.Criu.LazyPages));
        }

        if (!options.PreDump)
        {
            // Before there are images: with lazy pages the restore comes before the dump is over.
            DescriptorFile.Write(directories.Images, record.Descriptors ?? []);
        }

        var wasFrozen = cgroup.IsFrozen;
        try
        {
            Dump(directories, status);
        }
        catch (SampanException) when (!wasFrozen && cgroup.IsFrozen)
        {
            // A criu that was killed has not thawed what it froze.
            cgroup.Thaw();
            throw;
        }
    }

    private void Dump(CriuDirectories directories, FileDescriptor? status)
    {
        using var criu = new CriuConnection(new CriuStart { Program = options.Criu.Program, Directories = directories.All });
        var type = options.PreDump ? CriuRequestType.PreDump : CriuRequestType.Dump;
        CriuFailure.Explain(type, directories.Log, () => criu.Ask(new CriuRequest(type) { Options = Options(directories) }, (notice, _) =>
        {
            if (notice.Script == "status-ready" && status is not null)
            {
                status.WriteAll("\0"u8);
                status.Dispose();
            }
        }));
    }

    private CriuOptions Options(CriuDirectories directories) => new()
    {
        ImagesDirectory = CriuDirectories.ImagesDescriptor,
        WorkDirectory = directories.WorkDescriptor,
        LogFile = CriuDirectories.DumpLog,
        Pid = record.Pid,
        Root = record.Rootfs,
        LeaveRunning = options.LeaveRunning,
        TcpEstablished = options.Criu.TcpEstablished,
        ExternalUnixSockets = options.Criu.ExternalUnixSockets,
        ShellJob = options.Criu.ShellJob,
        FileLocks = options.Criu.FileLocks,
        AutoDedup = options.Criu.AutoDedup,
        LazyPages = options.Criu.LazyPages,
        CgroupMode = options.Criu.CgroupMode,
        PageServer = options.PageServer,
        ParentImage = options.ParentPath,
        TrackMemory = options.ParentPath is not null,
        EmptyNamespaces = NamespaceSet.Flag("network"),
        ConfigurationFile = CriuConfiguration.Of(spec),
        FreezeCgroup = FreezerDirectory(),
        External = ExternalNamespaces.OfDump(spec, record.Pid),
        ExternalMounts = options.PreDump ? [] : new ExternalMounts(spec, CgroupPlacement.In(cgroup)).OfDump(record.Pid),
    };

    // criu freezes by whichever control file the directory has. It is given the group that we freeze and thaw by ourselves: the unified one,
    // where there is one.
    private string? FreezerDirectory()
    {
        string? directory = null;
        for (var index = 0; index < cgroup.Trees.Count; index++)
        {
            if (cgroup.Trees[index].Unified)
            {
                return cgroup.Directories[index];
            }

            if (cgroup.Trees[index].Controllers.Contains("freezer"))
            {
                directory = cgroup.Directories[index];
            }
        }

        return directory;
    }

    private void CheckParent()
    {
        if (options.ParentPath is not { } parent)
        {
            return;
        }

        if (parent.StartsWith('/'))
        {
            throw SampanException.InvalidArgument("--parent-path must be relative: it is looked up from the directory of --image-path");
        }

        var path = Path.Combine(options.Criu.ImagePath, parent);
        if (!Directory.Exists(path))
        {
            throw SampanException.InvalidArgument($"invalid --parent-path: {path} is not a directory");
        }
    }

    private void CheckFeatures(CriuFeatures wanted)
    {
        using var criu = new CriuConnection(new CriuStart { Program = options.Criu.Program });
        var response = criu.Ask(new CriuRequest(CriuRequestType.FeatureCheck) { Features = wanted });
        if (!response.Success)
        {
            throw SampanException.Unavailable("criu failed: type FEATURE_CHECK: it cannot say what this kernel has; see criu check --all");
        }

        if (wanted.MemoryTracking && response.Features?.MemoryTracking != true)
        {
            throw SampanException.Unavailable("criu is missing features: [MemTrack]: --pre-dump needs a kernel with CONFIG_MEM_SOFT_DIRTY");
        }

        if (wanted.LazyPages && response.Features?.LazyPages != true)
        {
            throw SampanException.Unavailable("criu is missing features: [LazyPages]: --lazy-pages needs a kernel with CONFIG_USERFAULTFD");
        }
    }

    // A descriptor the caller has handed over survived an execution, and none that is ours would.
    private FileDescriptor? OpenStatus()
    {
        const int getDescriptorFlags = 1, getStatusFlags = 3, closeOnExec = 1, accessMode = 3;
        if (options.StatusDescriptor is not { } number)
        {
            return null;
        }

        var flags = Kernel.Call(SystemCall.Fcntl, number, getDescriptorFlags, 0);
        if (flags < 0 || (flags & closeOnExec) != 0)
        {
            throw SampanException.InvalidArgument($"invalid --status-fd argument {number}: it is not open");
        }

        return (Kernel.Call(SystemCall.Fcntl, number, getStatusFlags, 0) & accessMode) != 0
            ? new FileDescriptor(number)
            : throw SampanException.InvalidArgument($"invalid --status-fd argument {number}: not writable");
    }
}

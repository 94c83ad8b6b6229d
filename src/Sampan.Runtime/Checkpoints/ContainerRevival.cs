using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Containers;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Checkpoints;

/// <summary>Has criu make a container's processes of images. The container's directory and group are there, and criu is in the group.</summary>
internal sealed class ContainerRevival : IDisposable
{
    private readonly RuntimeSpec _spec;
    private readonly RestoreOptions _options;
    private readonly IReadOnlyList<string> _streamNames;
    private readonly IReadOnlyList<(string Type, string File)> _joined;
    private readonly IReadOnlyList<(string Key, FileDescriptor Namespace)> _namespaces;
    private readonly NetworkLock? _networkLock;
    private readonly CriuDirectories _directories;
    private readonly FileDescriptor[] _streams = new FileDescriptor[StandardStreams.Count];
    private FileDescriptor? _process;
    private FileDescriptor? _terminal;

    /// <summary>Opens what a restore needs; nothing is made yet but the work directory.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="options">How.</param>
    /// <exception cref="SampanException">There is no checkpoint there, or a namespace it shared is gone.</exception>
    /// <exception cref="LinuxException">A directory cannot be opened.</exception>
    public ContainerRevival(RuntimeSpec spec, RestoreOptions options)
    {
        _spec = spec;
        _options = options;
        _streamNames = DescriptorFile.Read(options.Criu);
        _joined = ExternalNamespaces.Joined(spec);
        _namespaces = ExternalNamespaces.Open(spec);
        _networkLock = ExternalNamespaces.NetworkOf(_namespaces) is { } network ? new NetworkLock(network) : null;
        _directories = CriuDirectories.Of(options.Criu);
        for (var number = 0; number < _streams.Length; number++)
        {
            using var own = new FileDescriptor(number, owned: false);
            _streams[number] = own.Duplicate();
        }
    }

    /// <summary>Root filesystem, links followed.</summary>
    public required string Root { get; init; }

    /// <summary>False: the caller's root may be the initial ramfs (--no-pivot).</summary>
    public bool Pivot { get; init; } = true;

    /// <summary>Called when the namespaces are there and nothing in them runs, with a process that is in them.</summary>
    public required Action<int> NamespacesMade { get; init; }

    /// <summary>Called when all processes are restored and none goes on yet, with the first of them.</summary>
    public required Action<int> Restored { get; init; }

    /// <summary>Does it. Called once.</summary>
    /// <param name="cgroup">The container's group, empty.</param>
    /// <returns>The first process, a child of the caller, and its terminal's master side.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: criu refuses, with its reason; others: there is no criu, or what the callbacks threw.</exception>
    public LaunchedProcess Run(Cgroup cgroup)
    {
        var placement = CgroupPlacement.In(cgroup);
        var descriptors = new List<FileDescriptor>(_streams);
        foreach (var (_, item) in _namespaces)
        {
            descriptors.Add(item);
        }

        using var criu = new CriuConnection(new CriuStart
        {
            Program = _options.Criu.Program,
            Directories = _directories.All,
            Descriptors = descriptors,
            Cgroup = placement,
            Root = HasNamespace("mount") ? Root : null,
            Mounts = _spec.Mounts ?? [],
            ReadOnlyRoot = _spec.Root?.Readonly == true,
            Pivot = Pivot,
        });
        var request = new CriuRequest(CriuRequestType.Restore) { Options = Options(placement, criu.Pid) };
        CriuResponse response;
        try
        {
            response = CriuFailure.Explain(CriuRequestType.Restore, _directories.Log, () => criu.Ask(request, Observe));
        }
        catch (SampanException)
        {
            _networkLock?.Undo();
            throw;
        }

        var process = new LaunchedProcess(response.Pid, _process ?? OpenProcess(response.Pid), _terminal);
        (_process, _terminal) = (null, null);
        return process;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }

        foreach (var (_, item) in _namespaces)
        {
            item.Dispose();
        }

        _process?.Dispose();
        _terminal?.Dispose();
    }

    private static FileDescriptor OpenProcess(int pid) =>
        new((int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, pid, 0), "pidfd_open", "the restored process"));

    private void Observe(CriuResponse notice, FileDescriptor? descriptor)
    {
        switch (notice.Script)
        {
            case "setup-namespaces":
                NamespacesMade(notice.Pid);
                break;
            case "network-unlock":
                _networkLock?.MakeSingle();
                break;
            case "orphan-pts-master":
                _terminal = descriptor?.Duplicate();
                break;
            case "post-restore":
                _process = OpenProcess(notice.Pid);
                Restored(notice.Pid);
                break;
        }
    }

    private CriuOptions Options(CgroupPlacement placement, int criu) => new()
    {
        ImagesDirectory = CriuDirectories.ImagesDescriptor,
        WorkDirectory = _directories.WorkDescriptor,
        LogFile = CriuDirectories.RestoreLog,
        Root = Root,
        EvasiveDevices = true,
        RestoreSibling = true,
        TcpEstablished = _options.Criu.TcpEstablished,
        ExternalUnixSockets = _options.Criu.ExternalUnixSockets,
        ShellJob = _options.Criu.ShellJob,
        FileLocks = _options.Criu.FileLocks,
        AutoDedup = _options.Criu.AutoDedup,
        LazyPages = _options.Criu.LazyPages,
        CgroupMode = _options.Criu.CgroupMode,
        CgroupRoots = CgroupRoots(criu),
        EmptyNamespaces = NamespaceSet.Flag("network"),
        ConfigurationFile = CriuConfiguration.Of(_spec),
        ExternalMounts = new ExternalMounts(_spec, placement).OfRestore(),
        JoinedNamespaces = _joined,
        InheritedDescriptors = Inherited(),
        LsmProfile = _options.LsmProfile,
        LsmMountContext = _options.LsmMountContext,
    };

    // Only pipes: a file is opened again by its path, and the other end of a pipe is gone with whoever held it.
    private List<(string Key, int Descriptor)> Inherited()
    {
        var inherited = new List<(string, int)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < Math.Min(_streamNames.Count, _streams.Length); number++)
        {
            var name = _streamNames[number];
            if (name.StartsWith("pipe:", StringComparison.Ordinal) && seen.Add(name))
            {
                inherited.Add((name, _directories.NextDescriptor + number));
            }
        }

        for (var index = 0; index < _namespaces.Count; index++)
        {
            inherited.Add((_namespaces[index].Key, _directories.NextDescriptor + _streams.Length + index));
        }

        return inherited;
    }

    // What the images call the root of each tree is where criu is now, which is the container's group (cgroups(7), /proc/PID/cgroup).
    private static List<(string Controller, string Path)> CgroupRoots(int criu)
    {
        const int longestFile = 1 << 16;
        var roots = new List<(string, string)>();
        using var file = FileDescriptor.Open($"/proc/{criu}/cgroup", OpenFlags.ReadOnly);
        foreach (var line in System.Text.Encoding.UTF8.GetString(file.ReadToEnd(longestFile)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(':', 3);
            foreach (var controller in fields[1].Split(','))
            {
                roots.Add((controller, fields[2]));
            }
        }

        return roots;
    }

    private bool HasNamespace(string type)
    {
        foreach (var item in _spec.Linux?.Namespaces ?? [])
        {
            if (item.Type == type)
            {
                return true;
            }
        }

        return false;
    }
}

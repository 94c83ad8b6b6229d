using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Netlink;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Checkpoints;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Containers;

/// <content>Making one of a checkpoint.</content>
public sealed partial class ContainerCreation
{
    /// <summary>
    /// Makes a container of images (restore). As with runc its hooks are those that prepare the runtime's side, prestart and createRuntime:
    /// its process has been started already, long ago.
    /// </summary>
    /// <param name="options">How.</param>
    /// <returns>The first process, a child of the caller, and the terminal's master side where no socket took it.</returns>
    /// <exception cref="SampanException">There is no checkpoint, or criu refuses; nothing is left of it.</exception>
    public LaunchedProcess Restore(RestoreOptions options)
    {
        using var revival = new ContainerRevival(_spec, options)
        {
            Root = FollowLinks(_record.Rootfs),
            Pivot = _options.Pivot,
            NamespacesMade = Prepare,
            Restored = Adopt,
        };
        return Undoing(_ =>
        {
            var process = revival.Run(
                _cgroup ?? throw SampanException.Unavailable("restore needs a control group for criu to put the processes in: give cgroupsPath one this user may write"));
            if (process.Terminal is { } terminal && _options.ConsoleSocket is { } console)
            {
                DescriptorHandover.Send(console, terminal, "/dev/ptmx");
            }

            if (_options.PidFile is { } file)
            {
                DescriptorHandover.WritePid(file, process.Pid);
            }

            return process;
        });
    }

    // Devices are not restored: they are the engine's, whose hooks make them. The loopback device is the runtime's, and it is up before
    // there are connections over it.
    private void Prepare(int pid)
    {
        // criu is in the group by now.
        _cgroup?.Settle();
        if (_spec.Linux?.Namespaces?.Any(static item => item.Type == "network" && string.IsNullOrEmpty(item.Path)) == true)
        {
            using var network = FileDescriptor.Open($"/proc/{pid}/ns/net", OpenFlags.ReadOnly);
            new NetworkDevice("lo").SetUpIn(network);
        }

        _record = _record with { Pid = pid };
        RunHostHooks();
        _record = _record with { Pid = 0 };
    }

    /// <summary>
    /// criu gives what it restores a time namespace, so that its clocks go on where they were (time_namespaces(7)); what is executed in the
    /// container later must see the same time.
    /// </summary>
    private void Adopt(int pid)
    {
        Note(pid);
        var namespaces = new List<RuntimeNamespace>(_spec.Linux?.Namespaces ?? []);
        if (!namespaces.Exists(static item => item.Type == "time") && HasOwnTime(pid))
        {
            namespaces.Add(new() { Type = "time" });
            _directory.ReplaceConfiguration(_spec with { Linux = (_spec.Linux ?? new()) with { Namespaces = namespaces } });
        }
    }

    private static bool HasOwnTime(int pid)
    {
        using var own = FileDescriptor.TryOpen("/proc/self/ns/time", OpenFlags.ReadOnly);
        using var restored = FileDescriptor.TryOpen($"/proc/{pid}/ns/time", OpenFlags.ReadOnly);
        return own is not null && restored is not null && !own.Status().IsSameFile(restored.Status());
    }

    // criu compares the root with what the kernel lists as mounted, where no link is.
    private static string FollowLinks(string path)
    {
        using var directory = FileDescriptor.Open(path, OpenFlags.Path | OpenFlags.Directory);
        using var descriptors = FileDescriptor.Open("/proc/self/fd", OpenFlags.Path | OpenFlags.Directory);
        return descriptors.ReadLink(directory.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToString();
    }
}

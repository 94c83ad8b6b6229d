using System.Globalization;
using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Linux.Mounts;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Explanations;

/// <summary>Looks at a container that runs: what its start was to make is worked out again from the record, and compared with what there is.</summary>
/// <param name="container">The container.</param>
/// <param name="paths">Where the state is.</param>
internal sealed class ContainerExplainer(Container container, EnginePaths paths)
{
    /// <summary>Looks.</summary>
    /// <param name="state">Its state: it runs.</param>
    /// <param name="others">Pids of other containers by name.</param>
    /// <param name="imageUser">USER of its image; null where the image is gone.</param>
    /// <exception cref="SampanException">Something of the record cannot be worked out any more.</exception>
    /// <exception cref="LinuxException">It ended meanwhile.</exception>
    public ContainerExplanation Explain(ContainerState state, IEnumerable<(string Name, int Pid)> others, string? imageUser)
    {
        var hierarchy = CgroupHierarchy.Detect();
        using var planner = new ContainerPlanner(container, paths, hierarchy) { Pid = state.Pid };
        var spec = planner.BuildSpec(0, 0);
        var (host, linux, process) = (container.HostConfig, spec.Linux!, spec.Process!);
        var cgroup = hierarchy.Open(planner.CgroupPath);
        var pid = InContainer(state.Pid);
        var view = KernelView.Read(pid, others);
        var mounts = MountEntry.Parse(view.MountInfo);
        var facts = new ProcessFacts(container.Record, process, view);
        return new()
        {
            Id = container.Id,
            Name = container.Name,
            Status = state.StatusName,
            Pid = state.Pid,
            Process = facts.Identity(imageUser, cgroup.Pids().Count),
            Namespaces = NamespaceFacts.Of(host, linux.Namespaces ?? [], view),
            Mounts = new MountFacts(container.Record, spec, Places(pid)).Of(mounts),
            Paths = PathFacts.Of(host, linux, mounts, static path => FileDescriptor.TryStatus(path) is not null),
            Cgroup = [.. Directories(cgroup), .. CgroupFacts.Of(host, hierarchy.Explain(ContainerPlanner.Limits(spec)), cgroup.Read)],
            Devices = DeviceFacts.Of(host, linux.Resources?.Devices ?? [], linux.Devices ?? [], hierarchy.Version == CgroupVersion.V2 ? null : cgroup.Read("devices", "devices.list")),
            Capabilities = CapabilityFacts.Of(host, process, view),
            Security = facts.Security(),
            Limits = facts.Limits(),
            Sysctls = SysctlFacts.Of(host, linux.Sysctl ?? new Dictionary<string, string>(StringComparer.Ordinal), Sysctls(pid, linux.Sysctl)),
        };
    }

    /// <summary>With --init the recorded process is the engine's own, and the container's command is its child.</summary>
    private int InContainer(int pid)
    {
        if (container.HostConfig.Init != true)
        {
            return pid;
        }

        var children = FileTree.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{pid}/children"));
        var first = Encoding.ASCII.GetString(children ?? []).Split(' ')[0];
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var child) ? child : pid;
    }

    private static IEnumerable<Fact> Directories(Cgroup cgroup)
    {
        foreach (var directory in cgroup.Directories)
        {
            yield return new Fact { Name = "group", Value = directory, Origin = "made for this container" };
        }
    }

    /// <summary>Paths with links in them lead to mounts that mountinfo shows elsewhere; and a file of the host that was replaced is another one now.</summary>
    private Dictionary<string, MountPlace> Places(int pid)
    {
        var places = new Dictionary<string, MountPlace>(StringComparer.Ordinal);
        using var root = FileDescriptor.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root"), OpenFlags.Path | OpenFlags.Directory);
        if (root is null)
        {
            return places;
        }

        foreach (var mount in container.Mounts)
        {
            using var place = root.TryOpenBeneath(mount.Destination, OpenFlags.Path, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, out _);
            if (place is not null)
            {
                places[mount.Destination] = new MountPlace(MountOf(place), IsSource(mount, place.Status()));
            }
        }

        return places;
    }

    private bool? IsSource(MountPoint mount, FileStatus place)
    {
        var detail = container.Record.MountDetails?.GetValueOrDefault(mount.Destination);
        return detail is null && FileDescriptor.TryStatus(mount.Source) is { } source ? source.IsSameFile(place) : null;
    }

    private static int MountOf(FileDescriptor place)
    {
        var text = Encoding.ASCII.GetString(FileTree.TryRead($"/proc/self/fdinfo/{place.Number}") ?? []);
        return int.TryParse(KernelView.Field(text, "mnt_id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;
    }

    private static Dictionary<string, string> Sysctls(int pid, IReadOnlyDictionary<string, string>? expected)
    {
        var actual = new Dictionary<string, string>(StringComparer.Ordinal);
        if (expected is not { Count: > 0 })
        {
            return actual;
        }

        using var visit = NamespaceVisit.Enter(pid);
        foreach (var name in expected.Keys)
        {
            if (FileTree.TryRead("/proc/sys/" + (name.Contains('/', StringComparison.Ordinal) ? name : name.Replace('.', '/'))) is { } value)
            {
                actual[name] = Encoding.UTF8.GetString(value);
            }
        }

        return actual;
    }
}

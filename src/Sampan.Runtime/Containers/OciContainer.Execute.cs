using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Containers;

/// <content>Further processes in it.</content>
public sealed partial class OciContainer
{
    /// <summary>Starts a further process.</summary>
    /// <param name="process">What to execute.</param>
    /// <param name="options">How.</param>
    /// <returns>The process, a child of the caller.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it has stopped, or is paused; others: a step of the start failed.</exception>
    public LaunchedProcess Execute(RuntimeProcess process, ExecuteOptions options)
    {
        switch (Status)
        {
            case ContainerStatus.Stopped or ContainerStatus.Creating:
                throw SampanException.Conflict("cannot exec in a stopped container");
            case ContainerStatus.Paused when !options.IgnorePaused:
                throw SampanException.Conflict("cannot exec in a paused container (use --ignore-paused to override)");
        }

        using var init = OpenProcess() ?? throw SampanException.Conflict("cannot exec in a stopped container");
        return ExecLauncher.Launch(new ExecRequest
        {
            Id = Id,
            Process = process,
            Executable = options.Executable,
            InitPidFd = init,
            Linux = Spec.Linux,
            SeccompListener = (pid, listener) => DescriptorHandover.SendListener(Spec.Linux!.Seccomp!, listener, Record, ContainerStatus.Running, pid),
            Namespaces = Spec.Linux?.Namespaces ?? [],
            Cgroup = Placement(options.SubGroups),
            SeccompFilter = SeccompFilters.Of(Spec),
            Stdin = options.Stdin,
            Stdout = options.Stdout,
            Stderr = options.Stderr,
            InheritStreams = options.InheritStreams,
            NullStreams = options.InheritStreams ? StandardStreams.Null() : [],
            PreservedDescriptors = options.PreservedDescriptors,
            DiesWithParent = options.DiesWithParent,
        }, options.Warn, PlanTable.Telling(options.Trace));
    }

    private CgroupPlacement? Placement(IReadOnlyDictionary<string, string>? subGroups)
    {
        if (Record.CgroupPath.Length == 0)
        {
            return subGroups is null ? null : throw WithoutGroup();
        }

        if (subGroups is not null)
        {
            return CgroupPlacement.Below(Cgroup, subGroups);
        }

        // A group that has given controllers to groups inside it takes no process (cgroup-v2.rst, "No Internal Process Constraint"): a
        // container with a service manager has moved its first process further in, and that is where others may go too.
        return Cgroup.IsUnified && !string.IsNullOrEmpty(Cgroup.Read("cgroup", "cgroup.subtree_control"))
            && CgroupMembership.Of(Record.Pid).Below(Record.CgroupPath) is { } inner
            ? CgroupPlacement.Below(Cgroup, new Dictionary<string, string> { [""] = inner })
            : CgroupPlacement.In(Cgroup);
    }
}

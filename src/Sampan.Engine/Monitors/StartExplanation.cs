using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;
using Sampan.Runtime.Resources;

namespace Sampan.Engine.Monitors;

/// <summary>A start in words: what the command and the monitor do first, then the launch plan.</summary>
internal sealed class StartExplanation(Container container, EnginePaths paths)
{
    private readonly PlanTable _table = new();

    /// <exception cref="SampanException">What is asked for makes no sense or cannot be had here.</exception>
    public string Format()
    {
        var hierarchy = CgroupHierarchy.Detect();
        var planner = new ContainerPlanner(container, paths, hierarchy);
        var spec = planner.BuildSpec(0, 0);
        var limits = ResourceLimits.Of(spec.Linux?.Resources);
        Add("mkdirat", $"{paths.Containers}/.creating-{container.Id[..12]}…", "the container's own directory: what it writes, its record, its log");
        Add("symlinkat", $"{paths.Names}/{container.Name}", "takes the name: fails where it is taken");
        Add("renameat2", container.Directory[..(paths.Containers.Length + 13)] + "…", "the container is whole: from here on every command sees it");
        Add("clone3", "sampan monitor", "one small process that lives as long as the container");
        Add("bind", container.RunDirectory[..(paths.State.Length + 13)] + "…/" + MonitorSocket.Name, "where attach, exec, stop and wait reach the monitor");
        Add("mkdirat", planner.CgroupPath[..^(ContainerId.Length - 12)] + "…", "a control group in every cgroup tree");
        foreach (var setting in hierarchy.Explain(limits))
        {
            Add("write", $"{setting.File} = {setting.Value}", $"limit of the {setting.Controller} controller");
        }

        if (!spec.Process!.Terminal)
        {
            Add("pipe2", "stdin, stdout, stderr", "the monitor keeps the other ends: it feeds, logs and shows");
        }

        using var plan = ContainerLauncher.Explain(new LaunchRequest
        {
            Id = container.Id,
            Spec = spec,
            Root = planner.Root,
            Cgroup = CgroupPlacement.In(hierarchy.Foresee(planner.CgroupPath, limits)),
            SeccompFilter = planner.BuildSeccompFilter(spec),
            Init = container.HostConfig.Init == true,
        });
        _table.Add(plan);
        return _table.Format(withTimes: false);
    }

    private void Add(string call, string target, string purpose) => _table.Add(new PlanStepText(PlanSide.Host, call, target, purpose));
}

using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Engine.Monitors;

/// <summary>A start in words: what the command and the monitor do first, then the launch plan.</summary>
internal sealed class StartExplanation(Container container, EnginePaths paths)
{
    private readonly PlanTable _table = new();

    /// <param name="isThere">The container is made already.</param>
    /// <exception cref="SampanException">What is asked for makes no sense or cannot be had here.</exception>
    public string Format(bool isThere = false)
    {
        var hierarchy = CgroupHierarchy.Detect();
        var planner = new ContainerPlanner(container, paths, hierarchy);
        var spec = planner.BuildSpec(0, 0);
        var limits = ContainerPlanner.Limits(spec);
        var cgroup = hierarchy.Foresee(planner.CgroupPath, limits);
        if (!isThere)
        {
            AddCreation();
        }

        using (var start = new MonitorLauncher(paths).Explain(container.Id))
        {
            _table.Add(start, PlanSide.Command, PlanSide.Monitor);
        }

        Add(PlanSide.Host, "bind", container.RunDirectory[..(paths.State.Length + 13)] + "…/" + MonitorSocket.Name, "where attach, exec, stop and wait reach the monitor");
        foreach (var directory in cgroup.Directories)
        {
            Add(PlanSide.Host, "mkdirat", directory, "the container's control group in this tree");
        }

        foreach (var setting in hierarchy.Explain(limits))
        {
            Add(PlanSide.Host, "write", $"{DirectoryOf(cgroup, setting)}/{setting.File} = {setting.Value}", $"limit of the {setting.Controller} controller");
        }

        if (!spec.Process!.Terminal)
        {
            Add(PlanSide.Host, "pipe2", "stdin, stdout, stderr", "the monitor keeps the other ends: it feeds, logs and shows");
            Add(PlanSide.Host, "openat", "stdout, stderr", "its ends are for reading too: what it writes while its monitor is dead waits for the next");
        }

        AddNetworks();
        using var plan = ContainerLauncher.Explain(new LaunchRequest
        {
            Id = container.Id,
            Spec = spec,
            Root = planner.Root,
            Cgroup = CgroupPlacement.In(cgroup),
            SeccompFilter = planner.BuildSeccompFilter(spec),
            Init = container.HostConfig.Init == true,
            DiesWithParent = false,
            Connect = container.Record.Endpoints is null ? null : static (_, _) => { },
        });
        _table.Add(plan);
        return _table.Format(withTimes: false);
    }

    // The monitor's part, while the child is on its way.
    private void AddNetworks()
    {
        var number = 0;
        List<NetworkRecord> networks = [];
        foreach (var endpoint in container.Record.Endpoints ?? [])
        {
            var network = new NetworkStore(paths).Find(endpoint.Network);
            var device = EndpointOptions.Of(endpoint.DriverOpts).Device
                ?? (network.IsOverParent ? "eth" : BridgeOptions.Of(network.Options).InterfacePrefix) + number++.ToString(System.Globalization.CultureInfo.InvariantCulture);
            networks.Add(network);
            Add(
                PlanSide.Host, "symlinkat", $"{paths.NetworkStates}/{network.Id[..12]}…/{endpoint.IPv4Address ?? "ADDRESS"}",
                $"takes an address of network {network.Name}: fails where somebody has it");
            if (network.IsOverParent)
            {
                Add(PlanSide.Host, "rtnetlink", $"{network.Driver} {device} over {network.Link}", "born in the container's network namespace; what it sends leaves by the host's device below");
            }
            else
            {
                Add(PlanSide.Host, "rtnetlink", $"veth pair, {network.Link}, {device}", "one end is a port of the bridge, one is born in the container's network namespace");
            }

            Add(
                PlanSide.Host, "rtnetlink", device,
                network.HasWayOut ? "its address and the default route, inside" : network.Internal ? "its address, inside; no route: the network is internal" : "its address, inside; no route: nobody leads out");
        }

        if (ContainerNetwork.NeedsNameServer(container, networks))
        {
            Add(PlanSide.Host, "bind", $"{NameSockets.Address}:53", "the monitor's sockets in the container's network namespace: it answers names");
        }
    }

    private void AddCreation()
    {
        Add(PlanSide.Command, "mkdirat", $"{paths.Containers}/.creating-{container.Id[..12]}…", "the container's own directory: what it writes, its record, its log");
        Add(PlanSide.Command, "symlinkat", $"{paths.Names}/{container.Name}", "takes the name: fails where it is taken");
        Add(PlanSide.Command, "renameat2", container.Directory[..(paths.Containers.Length + 13)] + "…", "the container is whole: from here on every command sees it");
    }

    private static string DirectoryOf(Cgroup cgroup, CgroupSetting setting)
    {
        for (var index = 0; index < cgroup.Trees.Count; index++)
        {
            if (cgroup.Trees[index].Has(setting.Controller))
            {
                return cgroup.Directories[index];
            }
        }

        // Only the unified tree names no controllers of its own: it has them all.
        return cgroup.Directories[^1];
    }

    private void Add(PlanSide side, string call, string target, string purpose) => _table.Add(new PlanStepText(side, call, target, purpose));
}

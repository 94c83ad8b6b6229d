using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Netfilter;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>The table inet sampan as the records would have it. Engines with other state directories have tables of their own beside it.</summary>
/// <param name="paths">Where the state is.</param>
/// <remarks>
/// One is kept as long as there is anything to do. Closing its socket waits until the kernel has freed what was taken out of tables, an RCU grace
/// period (nft_rcv_nl_event, net/netfilter/nf_tables_api.c): 13 ms here, more than all else that ends a container with ports.
/// </remarks>
internal sealed class NetworkFirewall(EnginePaths paths) : IDisposable
{
    private readonly FirewallTable _table = new(paths.Distinct(FirewallTable.UsualName, FirewallTable.UsualName + "-"));

    private Nftables? _filter;

    /// <summary>The table's name.</summary>
    public string Name => _table.Name;

    private Nftables Filter => _filter ??= Open();

    /// <inheritdoc/>
    public void Dispose()
    {
        _filter?.Dispose();
        _filter = null;
    }

    /// <summary>Writes it whole, in one transaction: of the networks that are set up. The caller holds the networks' lock.</summary>
    /// <param name="networks">The networks.</param>
    /// <exception cref="SampanException">Unavailable: the kernel has no nf_tables.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Write(NetworkStore networks)
    {
        List<FirewallNetwork> known = [];
        foreach (var network in networks.ListRecorded())
        {
            using var leases = AddressLeases.TryOpen(paths, network.Id);
            if (leases is not null && network.Driver == NetworkDriver.Bridge)
            {
                known.Add(BridgeSetup.Describe(network));
            }
        }

        Filter.Commit(_table.Write(known, OpenPorts()));
    }

    /// <summary>Writes it anew where somebody took it away (nft flush ruleset), or another version wrote it.</summary>
    /// <exception cref="SampanException">Unavailable: the kernel has no nf_tables.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Ensure()
    {
        if (Filter.FindTable(_table.Name) is { } stamp && stamp.AsSpan().SequenceEqual(FirewallTable.Stamp))
        {
            return;
        }

        var networks = new NetworkStore(paths);
        using var held = networks.Lock();
        Write(networks);
    }

    /// <summary>How much there is in the table.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public FirewallContents? Contents()
    {
        if (Filter.FindTable(_table.Name) is null)
        {
            return null;
        }

        var (rules, elements, ports) = _table.Count(Filter);
        return new(rules, elements, ports);
    }

    /// <summary>Opens ports. What a dead container's monitor left under the same ports goes.</summary>
    /// <param name="ports">The ports.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Publish(IReadOnlyList<PublishedPort> ports)
    {
        try
        {
            Filter.Commit(_table.Publish(ports));
        }
        catch (LinuxException problem) when (problem.Errno == Errno.EEXIST)
        {
            // Their sockets are ours, so nobody who lives has them.
            List<PublishedPort> stale = [];
            foreach (var there in _table.Published(Filter))
            {
                foreach (var port in ports)
                {
                    if (there.Protocol == port.Protocol && there.HostPort == port.HostPort && there.HostAddress.Equals(port.HostAddress))
                    {
                        stale.Add(there);
                    }
                }
            }

            Filter.Commit(_table.Withdraw(stale));
            Filter.Commit(_table.Publish(ports));
        }
    }

    /// <summary>Closes ports and opens others, all or none.</summary>
    /// <param name="closed">Which go.</param>
    /// <param name="opened">Which come.</param>
    /// <returns>False where the table is not what it should be: nothing has changed.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public bool TryReplace(IReadOnlyList<PublishedPort> closed, IReadOnlyList<PublishedPort> opened)
    {
        try
        {
            Filter.Commit(_table.Replace(closed, opened));
            return true;
        }
        catch (LinuxException problem) when (problem.Errno is Errno.EEXIST or Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>What is to be closed and opened until a container's ports are these.</summary>
    /// <param name="container">Full id.</param>
    /// <param name="wanted">The ports.</param>
    /// <returns>Which to close, which to open.</returns>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public (List<PublishedPort> Closed, List<PublishedPort> Opened) Difference(string container, IReadOnlyList<PublishedPort> wanted)
    {
        List<PublishedPort> closed = [];
        List<PublishedPort> opened = [.. wanted];
        foreach (var port in _table.Published(Filter))
        {
            if (port.Container == container && !opened.Remove(port))
            {
                closed.Add(port);
            }
        }

        return (closed, opened);
    }

    /// <summary>Closes ports; those that somebody closed already are no error.</summary>
    /// <param name="ports">The ports.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Withdraw(IReadOnlyList<PublishedPort> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        try
        {
            Filter.Commit(_table.Withdraw(ports));
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENOENT)
        {
            // All or none: where one was closed by somebody else, the others are one by one.
            foreach (var port in _table.Published(Filter))
            {
                if (ports.Contains(port))
                {
                    Filter.Commit(_table.Withdraw([port]));
                }
            }
        }
    }

    /// <summary>Closes all ports of a container.</summary>
    /// <param name="container">Full id.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void WithdrawAll(string container)
    {
        List<PublishedPort> ports = [];
        foreach (var port in _table.Published(Filter))
        {
            if (port.Container == container)
            {
                ports.Add(port);
            }
        }

        Filter.Commit(_table.Withdraw(ports));
    }

    // Of containers that run, with a monitor or without one, and of those on their way.
    private List<PublishedPort> OpenPorts()
    {
        List<PublishedPort> ports = [];
        foreach (var record in new ContainerStore(paths).WholeRecords())
        {
            var container = new Container(paths, record);
            if (record.Endpoints is null || container.Network is not { Ports.Count: > 0 } state || !(container.HasMonitor || container.State.Running))
            {
                continue;
            }

            // As when they were opened.
            var endpoint = PublishTarget.EndpointOf(state.Endpoints);
            foreach (var port in state.Ports)
            {
                if (endpoint is not null && port.Describe(record.Id, endpoint) is { } described)
                {
                    ports.Add(described);
                }
            }
        }

        return ports;
    }

    private static Nftables Open()
    {
        try
        {
            return Nftables.Open();
        }
        catch (LinuxException problem) when (problem.Errno == Errno.EPROTONOSUPPORT)
        {
            throw new SampanException(ErrorKind.Unavailable, "the kernel has no nf_tables, which bridge networks need: load the module nf_tables, or use --network host or none", problem);
        }
    }
}

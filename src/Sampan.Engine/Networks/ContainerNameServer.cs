using System.Net;
using Sampan.Engine.Containers;
using Sampan.Linux.Events;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns;
using Sampan.Networking.Dns.Forwarding;
using Sampan.Networking.Dns.Zones;
using Sampan.Networking.Names;

namespace Sampan.Engine.Networks;

/// <summary>The name server of one container: it knows who has an address on the container's networks, and asks the host's servers for the rest.</summary>
internal sealed class ContainerNameServer : IDisposable
{
    private const int ShortId = 12;
    private const int DnsPort = 53;

    private readonly EnginePaths _paths;
    private readonly Container _container;
    private readonly Inotify _changes = new();
    private readonly Dictionary<string, int> _watches = new(StringComparer.Ordinal);
    private readonly NameServer _server;
    private IReadOnlyList<NetworkRecord> _networks = [];
    private NameZone? _zone;

    /// <summary>Begins to answer.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="sockets">Where it is asked; become this one's.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="container">Says which servers are asked for the rest, if not the host's, and what it calls others by itself.</param>
    /// <param name="networks">The container's; the first one's names come first.</param>
    /// <exception cref="Linux.LinuxException">No memory, or no descriptor, is to be had.</exception>
    public ContainerNameServer(EventLoop loop, NameSockets sockets, EnginePaths paths, Container container, IReadOnlyList<NetworkRecord> networks)
    {
        _paths = paths;
        _container = container;
        _server = new(loop, sockets.Datagrams, sockets.Listener, Zone);
        Change(networks);
    }

    /// <summary>The container is on other networks.</summary>
    /// <param name="networks">Those it is on now.</param>
    /// <exception cref="Linux.LinuxException">No memory is to be had.</exception>
    public void Change(IReadOnlyList<NetworkRecord> networks)
    {
        foreach (var network in _networks)
        {
            if (!networks.Any(other => other.Id == network.Id) && _watches.Remove(network.Id, out var watch))
            {
                _changes.Unwatch(watch);
            }
        }

        foreach (var network in networks)
        {
            if (!network.IsPredefined && !_watches.ContainsKey(network.Id))
            {
                // Before it is read for the first time: no change goes unnoticed.
                _watches[network.Id] = _changes.Watch(
                    AddressLeases.DirectoryOf(_paths, network.Id), InotifyEvents.Created | InotifyEvents.Deleted | InotifyEvents.MovedTo);
            }
        }

        var isInternal = networks.All(static network => network.Internal);
        _networks = networks;
        _zone = null;
        _server.IsInternal = isInternal;
        _server.Upstreams = isInternal ? [] : Servers(_container.HostConfig);
    }

    /// <summary>Gives memory of the last burst back.</summary>
    public void Trim() => _server.Trim();

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Dispose();
        _changes.Dispose();
    }

    // Asked from the host's namespace, so that those at its loopback address answer too.
    private static List<Upstream> Servers(HostConfig host)
    {
        List<Upstream> servers = [];
        foreach (var address in host.Dns is { Count: > 0 } given ? given.Select(IPAddress.Parse) : HostResolver.Servers(HostResolver.Content()))
        {
            servers.Add(new(PeerAddress.Internet(address, DnsPort)));
        }

        return servers;
    }

    private NameZone Zone()
    {
        if (_zone is null || _changes.Drain() != InotifyEvents.None)
        {
            _zone = Read();
        }

        return _zone;
    }

    private NameZone Read()
    {
        List<NetworkNames> all = [];
        List<NamedHost> linked = [];
        foreach (var network in _networks)
        {
            if (network.IsPredefined)
            {
                continue;
            }

            using var leases = AddressLeases.TryOpen(_paths, network.Id);
            var hosts = new Dictionary<string, (LeaseHolder Holder, List<IPAddress> Addresses)>(StringComparer.Ordinal);
            foreach (var (address, holder) in leases?.List() ?? [])
            {
                if (!hosts.TryGetValue(holder.Container, out var host))
                {
                    hosts[holder.Container] = host = (holder, []);
                }

                host.Addresses.Add(address);
            }

            List<NamedHost> named = [];
            foreach (var (id, (holder, addresses)) in hosts)
            {
                named.Add(new(holder.Name, [.. holder.Aliases, id[..ShortId]], addresses));
            }

            all.Add(new(network.Name, named));
            AddLinks(linked, network, named);
        }

        if (linked.Count > 0)
        {
            all.Insert(0, new("", linked, reverse: false));
        }

        return new(all);
    }

    // What this container alone calls somebody else on the network (--link), before all that others say.
    private void AddLinks(List<NamedHost> linked, NetworkRecord network, List<NamedHost> there)
    {
        foreach (var text in _container.Record.Endpoints?.FirstOrDefault(settings => settings.Network == network.Name)?.Links ?? [])
        {
            var (name, alias) = LinkText.Parse(text);
            foreach (var host in there)
            {
                if (host.Name == name || host.Others.Contains(name))
                {
                    linked.Add(new(alias, [], host.Addresses));
                }
            }
        }
    }
}

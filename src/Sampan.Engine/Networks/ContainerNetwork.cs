using System.Globalization;
using System.Net;
using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Netlink;
using Sampan.Networking.Names;

namespace Sampan.Engine.Networks;

/// <summary>
/// What a monitor does for its container on networks: takes addresses before the start, connects the container's first process while that
/// makes its mounts, answers names while it runs, and gives all back at its end. The devices go with the container's namespace.
/// </summary>
internal sealed partial class ContainerNetwork : IDisposable
{
    private const int DnsPort = 53;

    private readonly Container _container;
    private readonly EnginePaths _paths;
    private readonly NetworkFirewall _firewall;
    private readonly List<Attachment> _attachments = [];
    private NameSockets? _sockets;
    private ContainerNameServer? _names;

    // Of the container; kept where it has devices that only from inside can be taken away.
    private FileDescriptor? _namespace;
    private LinkWatch? _links;
    private EventLoop? _loop;

    private ContainerNetwork(Container container, EnginePaths paths, NetworkFirewall firewall) => (_container, _paths, _firewall) = (container, paths, firewall);

    /// <summary>Where the container is.</summary>
    public NetworkState State { get; private set; } = new();

    /// <summary>Whether it has a name server of its own.</summary>
    public bool AnswersNames => State.AnswersNames;

    /// <summary>The networks it is on.</summary>
    public List<NetworkRecord> Networks => _attachments.ConvertAll(static attachment => attachment.Network);

    /// <summary>Takes the addresses of a container; sets its networks up where they are not yet.</summary>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="firewall">Kept by the caller.</param>
    /// <param name="before">What it had in its last life: it has that again if it can.</param>
    /// <returns>Null for a container on no network of ours.</returns>
    /// <exception cref="SampanException">NotFound: a network is gone. Conflict: an address is taken. Unavailable: none is left.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static ContainerNetwork? Prepare(Container container, EnginePaths paths, NetworkFirewall firewall, NetworkState? before)
    {
        if (container.Record.Endpoints is not { Count: > 0 } wanted)
        {
            return null;
        }

        var network = new ContainerNetwork(container, paths, firewall);
        try
        {
            foreach (var settings in wanted)
            {
                network.Take(settings, before);
            }

            network.Order();
            network.ReservePorts(before);
            network.State = network.Snapshot();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The same for a container that runs and has lost its monitor. A change that was under way is finished, or taken back where it was not recorded yet.</summary>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="firewall">Kept by the caller.</param>
    /// <param name="process">Its first process; null where it is gone.</param>
    /// <returns>Null for a container on no network of ours.</returns>
    public static ContainerNetwork? Resume(Container container, EnginePaths paths, NetworkFirewall firewall, FileDescriptor? process)
    {
        var state = NetworkState.TryRead(paths.Run(container.Id));
        if (state is null && container.Record.Endpoints is not { Count: > 0 })
        {
            return null;
        }

        var network = new ContainerNetwork(container, paths, firewall) { State = state ?? new() };
        using var place = process is null ? null : TryNamespaceOf(process);
        network.Settle(place);
        if (place is not null && network.AnswersNames)
        {
            using (NetworkVisit.Enter(place))
            {
                network._sockets = NameSockets.Open(DnsPort);
            }
        }

        return network;
    }

    /// <summary>
    /// Whether a container's resolver is its monitor: on a network that was made, not on that which is always there, as with docker; but there too
    /// where the host's own resolver is at its loopback address (systemd-resolved, dnsmasq): the container could not ask it.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="networks">Its networks.</param>
    /// <returns>Whether it is so.</returns>
    public static bool NeedsNameServer(Container container, List<NetworkRecord> networks) => networks.Exists(static network => !network.IsPredefined)
        || (networks.Count > 0 && container.HostConfig.Dns is not { Count: > 0 } && HostResolver.IsLocal(HostResolver.Content()));

    /// <summary>Begins to answer names, and to carry what the packet filter cannot send on.</summary>
    /// <param name="loop">Who tells of events.</param>
    public void Serve(EventLoop loop)
    {
        _loop = loop;
        if (_ports is { } ports && Target is { } target)
        {
            ports.Serve(loop, target);
        }

        if (_sockets is { } sockets)
        {
            _sockets = null;
            _names = new(loop, sockets, _paths, _container, Networks);
        }

        if (_container.Record.Links is not null && Find(NetworkStore.Default) is { } attachment)
        {
            _links ??= LinkWatch.TryBegin(loop, _container, _paths, attachment.Network);
        }
    }

    /// <summary>Gives memory of the last burst back.</summary>
    public void Trim()
    {
        _names?.Trim();
        _ports?.Trim();
    }

    /// <summary>Gives all back.</summary>
    public void Dispose()
    {
        _links?.Dispose();
        _links = null;
        _names?.Dispose();
        _names = null;
        _sockets?.Dispose();
        _sockets = null;
        ReleasePorts();
        foreach (var attachment in _attachments)
        {
            Release(attachment);
        }

        _attachments.Clear();
        _namespace?.Dispose();
        _namespace = null;
        NetworkState.Remove(_paths.Run(_container.Id));
    }

    private static AddressLeases OpenLeases(NetworkRecord network, EnginePaths paths)
    {
        if (AddressLeases.TryOpen(paths, network.Id) is { } there)
        {
            return there;
        }

        new NetworkSetup(paths).Bring(network.Name);
        return AddressLeases.TryOpen(paths, network.Id) ?? throw SampanException.NotFound($"network {network.Name} not found");
    }

    /// <summary>Whether a device of the host may be a container's.</summary>
    /// <param name="name">Name of the device.</param>
    /// <param name="container">Full id.</param>
    /// <returns>As far as the name tells.</returns>
    public static bool IsDeviceOf(string name, string container) => name.StartsWith("sp" + container[..7], StringComparison.Ordinal);

    // A name of the container's and of chance: that of the life before may be there still, on its way out.
    private static string NewHostDevice(string container) => $"sp{container[..7]}{ContainerId.Generate()[..4]}";

    // As docker's were: 02:42 and the IPv4 address, or the end of the IPv6 one. A neighbour who remembers it is not wrong with whoever has the address next.
    private static MacAddress MacOf(IPAddress address) => MacAddress.FromBytes([0x02, 0x42, .. address.GetAddressBytes().AsSpan()[^4..]]);

    private void Take(EndpointSettings settings, NetworkState? before)
    {
        var network = new NetworkStore(_paths).Find(settings.Network);
        using var leases = OpenLeases(network, _paths);
        Endpoint? last = null;
        foreach (var other in before?.Endpoints ?? [])
        {
            last = other.NetworkId == network.Id ? other : last;
        }

        var endpoint = new Endpoint { Id = ContainerId.Generate(), Network = network.Name, NetworkId = network.Id };
        string MacFor(IPAddress address) => network.Driver == NetworkDriver.Ipvlan ? ""
            : settings.MacAddress ?? (endpoint.MacAddress.Length > 0 ? endpoint.MacAddress : MacOf(address).ToString());
        LeaseHolder Holder(IPAddress address) => HolderOf(endpoint.Id, MacFor(address), settings);

        var attachment = new Attachment(network, settings, endpoint);
        foreach (var isIPv6 in (ReadOnlySpan<bool>)[false, true])
        {
            if (TakeOne(leases, network, settings, WishOf(last, isIPv6), isIPv6, Holder) is not var (addressing, address))
            {
                continue;
            }

            if (endpoint.Device.Length == 0)
            {
                endpoint = endpoint with
                {
                    Device = EndpointOptions.Of(settings.DriverOpts).Device ?? FreeDevice(network.IsOverParent ? "eth" : BridgeOptions.Of(network.Options).InterfacePrefix),
                    HostDevice = network.IsOverParent ? "" : NewHostDevice(_container.Id),
                    MacAddress = MacFor(address),
                };
            }

            endpoint = attachment.Endpoint = Complete(endpoint, network, addressing, address);

            // From here on its addresses are given back with the rest.
            if (!_attachments.Contains(attachment))
            {
                _attachments.Add(attachment);
            }
        }
    }

    // Of the first prefix of the family that has any left, as with docker: macvlan and ipvlan networks may have several.
    private static (NetworkAddressing Addressing, IPAddress Address)? TakeOne(
        AddressLeases leases, NetworkRecord network, EndpointSettings settings, IPAddress? before, bool isIPv6, Func<IPAddress, LeaseHolder> holder)
    {
        if (before is not null && (isIPv6 ? settings.IPv6Address : settings.IPv4Address) is null
            && network.Addressing.FirstOrDefault(addressing => addressing.Prefix.Contains(before)) is { } same && same.Range.CanBeGiven(before) && leases.TryTake(before, holder(before)))
        {
            return (same, before);
        }

        var isThere = false;
        var asked = (isIPv6 ? settings.IPv6Address : settings.IPv4Address) is { } text ? IPAddress.Parse(text) : null;
        foreach (var addressing in network.Addressing)
        {
            if (addressing.IsIPv6 != isIPv6 || (asked is not null && !addressing.Prefix.Contains(asked)))
            {
                continue;
            }

            isThere = true;
            if (asked is not null)
            {
                return leases.TryTake(asked, holder(asked))
                    ? (addressing, asked)
                    : throw SampanException.Conflict($"Address already in use: {asked} of {addressing.Subnet}");
            }

            if (leases.Take(addressing.Range, null, holder) is { } address)
            {
                return (addressing, address);
            }
        }

        return isThere
            ? throw SampanException.Unavailable($"no available {(isIPv6 ? "IPv6" : "IPv4")} addresses on this network's address pools: {network.Name} ({network.Id})")
            : null;
    }

    private static Endpoint Complete(Endpoint endpoint, NetworkRecord network, NetworkAddressing addressing, IPAddress address)
    {
        var gateway = network.IsClosed || network.IsRoutedByDevice ? "" : addressing.Gateway;
        return addressing.IsIPv6
            ? endpoint with { GlobalIPv6Address = address.ToString(), GlobalIPv6PrefixLen = addressing.Prefix.PrefixLength, IPv6Gateway = gateway }
            : endpoint with { IPAddress = address.ToString(), IPPrefixLen = addressing.Prefix.PrefixLength, Gateway = gateway };
    }

    // The least number that none has, as docker's: eth1 again where eth1 was taken away.
    private string FreeDevice(string prefix)
    {
        for (var number = 0; ; number++)
        {
            var name = prefix + number.ToString(CultureInfo.InvariantCulture);
            if (!_attachments.Exists(attachment => attachment.Endpoint.Device == name)
                && _container.Record.Endpoints?.Any(settings => EndpointOptions.Of(settings.DriverOpts).Device == name) != true)
            {
                return name;
            }
        }
    }

    private static IPAddress? WishOf(Endpoint? last, bool isIPv6) => (isIPv6 ? last?.GlobalIPv6Address : last?.IPAddress) is { Length: > 0 } text ? IPAddress.Parse(text) : null;

    private sealed class Attachment(NetworkRecord network, EndpointSettings settings, Endpoint endpoint)
    {
        public NetworkRecord Network => network;

        public EndpointSettings Settings => settings;

        public Endpoint Endpoint { get; set; } = endpoint;
    }
}

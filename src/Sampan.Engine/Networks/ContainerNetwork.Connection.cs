using System.Net;
using System.Net.Sockets;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Networks;

internal sealed partial class ContainerNetwork
{
    /// <summary>Connects the container: a message to the kernel with all there is to do on this side, and one with all inside.</summary>
    /// <param name="pid">Its first process, a child.</param>
    /// <param name="process">A pidfd of it.</param>
    /// <exception cref="SampanException">The kernel lacks something.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Connect(int pid, FileDescriptor process)
    {
        AddDevices(_attachments, NetworkNamespaceReference.OfProcess(pid));
        using (NetworkVisit.Enter(process))
        {
            KeepNamespace();
            foreach (var attachment in _attachments)
            {
                SetParameters(attachment);
            }

            using (var inside = NetworkStack.Open())
            {
                inside.Apply(Addresses(inside));
            }

            _sockets = AnswersNames ? NameSockets.Open(DnsPort) : null;
        }

        if (_ports is null)
        {
            State.Write(_paths.Run(_container.Id));
            return;
        }

        // Who writes the table anew meanwhile reads of these ports, or waits.
        using var shared = new NetworkStore(_paths).Share();
        State.Write(_paths.Run(_container.Id));
        _firewall.Publish(Describe());
    }

    private void AddDevices(List<Attachment> attachments, NetworkNamespaceReference place)
    {
        if (attachments.Exists(static attachment => !attachment.Network.IsOverParent))
        {
            _firewall.Ensure();
        }

        using var host = NetworkStack.Open();
        var change = new NetworkChange();
        foreach (var attachment in attachments)
        {
            AddDevice(change, attachment, LinkOf(host, attachment.Network), place);
        }

        try
        {
            host.Apply(change);
        }
        catch (LinuxException problem) when (Explain(problem, attachments) is { } explained)
        {
            throw new SampanException(ErrorKind.Unavailable, explained, problem);
        }
    }

    private static string? Explain(LinuxException problem, List<Attachment> attachments) =>
        attachments.Find(attachment => attachment.Network.IsOverParent && problem.Operation.Contains(attachment.Network.Driver, StringComparison.Ordinal)) is { } refused
            ? ParentDevice.Explain(problem, refused.Network)
            : null;

    // The bridge, or the parent. One that somebody took away is made again: it has another number then.
    private int LinkOf(NetworkStack host, NetworkRecord network)
    {
        if (host.FindLink(network.Link) is { } link && (network.IsOverParent || link is { Kind: BridgeSetup.Kind, Up: true }))
        {
            return link.Index;
        }

        new NetworkSetup(_paths).Bring(network.Name);
        return host.Link(network.Link).Index;
    }

    private void AddDevice(NetworkChange change, Attachment attachment, int link, NetworkNamespaceReference place)
    {
        var (network, endpoint) = (attachment.Network, attachment.Endpoint);
        _ = MacAddress.TryParse(endpoint.MacAddress, out var mac);
        var device = new NewInterface(endpoint.Device, 0, mac, place);
        if (network.IsOverParent)
        {
            var parent = ParentOptions.Of(network);
            _ = network.Driver == NetworkDriver.Macvlan
                ? change.MakeMacvlan(link, parent.MacvlanMode, parent.Mtu, device)
                : change.MakeIpvlan(link, parent.IpvlanMode, parent.IpvlanFlag, parent.Mtu, device);
            return;
        }

        var options = BridgeOptions.Of(network.Options);
        change
            .MakeVeth(endpoint.HostDevice, link, options.Mtu, $"{_container.Name} on {network.Name}", device)
            .SetPort(endpoint.HostDevice, hairpin: true, isolated: !options.Together);
    }

    // The calling thread is inside. A container's devices over one of the host's are known there alone.
    private void KeepNamespace()
    {
        if (_namespace is null && _attachments.Exists(static attachment => attachment.Network.IsOverParent))
        {
            _namespace = FileDescriptor.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);
        }
    }

    private static void SetParameters(Attachment attachment)
    {
        var device = attachment.Endpoint.Device;
        var hasIPv6 = attachment.Endpoint.GlobalIPv6Address.Length > 0 || attachment.Settings.LinkLocalIPs?.Any(static address => address.Contains(':')) == true;

        // Without an address nobody is to give it one (CVE-2020-13401).
        NetworkParameter.SetIfThere($"ipv6/conf/{device}/{(hasIPv6 ? "accept_ra" : "disable_ipv6")}", hasIPv6 ? "0" : "1");
        foreach (var (name, value) in EndpointOptions.Of(attachment.Settings.DriverOpts).ParametersOf(device))
        {
            try
            {
                NetworkParameter.Set(name, value);
            }
            catch (SampanException problem)
            {
                throw new SampanException(
                    ErrorKind.InvalidArgument,
                    $"driver options of network {attachment.Network.Name}: net/{name} cannot be set to {value}: {problem.InnerException?.Message}",
                    problem);
            }
        }
    }

    private NetworkChange Addresses(NetworkStack inside)
    {
        // The child sets lo up as well, perhaps later: sockets at its addresses want it now.
        var change = new NetworkChange().SetUp(1, "lo");
        foreach (var attachment in _attachments)
        {
            AddAddresses(change, inside, attachment);
        }

        foreach (var isIPv6 in (ReadOnlySpan<bool>)[false, true])
        {
            if (DefaultRoute(isIPv6) is var (gateway, device))
            {
                change.AddRoute(new(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0), gateway, inside.Link(device).Index);
            }
        }

        return change;
    }

    // The number of the container's device is the kernel's to choose: veth takes one for the far end only along with one for the near end.
    private static void AddAddresses(NetworkChange change, NetworkStack inside, Attachment attachment)
    {
        const int linkLocalBits = 16;
        const int linkLocalBits6 = 64;
        var endpoint = attachment.Endpoint;
        var number = inside.Link(endpoint.Device).Index;
        foreach (var address in endpoint.Addresses)
        {
            var isIPv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            change.AddAddress(number, endpoint.Device, new(address, isIPv6 ? endpoint.GlobalIPv6PrefixLen : endpoint.IPPrefixLen));
        }

        foreach (var text in attachment.Settings.LinkLocalIPs ?? [])
        {
            var address = IPAddress.Parse(text);
            change.AddAddress(number, endpoint.Device, new(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? linkLocalBits6 : linkLocalBits));
        }

        change.SetUp(number, endpoint.Device);
    }

    // That of the first network which has a gateway, or needs none: an internal one has no such route.
    private (IPAddress? Gateway, string Device)? DefaultRoute(bool isIPv6)
    {
        foreach (var attachment in _attachments)
        {
            var gateway = isIPv6 ? attachment.Endpoint.IPv6Gateway : attachment.Endpoint.Gateway;
            if (gateway.Length > 0)
            {
                return (IPAddress.Parse(gateway), attachment.Endpoint.Device);
            }

            if (attachment.Network.IsRoutedByDevice && (isIPv6 ? attachment.Endpoint.GlobalIPv6Address : attachment.Endpoint.IPAddress).Length > 0)
            {
                return (null, attachment.Endpoint.Device);
            }
        }

        return null;
    }
}

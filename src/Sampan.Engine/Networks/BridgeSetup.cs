using System.Net;
using System.Net.Sockets;
using Sampan.Linux;
using Sampan.Linux.Netlink;
using Sampan.Networking.Addresses;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>A bridge network's part on the host: its bridge, what the kernel must do with its packets, and its place in the packet filter.</summary>
/// <param name="paths">Where the state is.</param>
internal sealed class BridgeSetup(EnginePaths paths)
{
    /// <summary>What the kernel calls them.</summary>
    public const string Kind = "bridge";

    private readonly NetworkStore _networks = new(paths);

    /// <summary>What the packet filter is to know of a network.</summary>
    public static FirewallNetwork Describe(NetworkRecord network)
    {
        var options = BridgeOptions.Of(network.Options);
        var masquerade = options.Masquerade && !network.Internal;
        List<IPNetwork> subnets = [];
        foreach (var addressing in network.Addressing)
        {
            subnets.Add(addressing.Prefix);
        }

        return new(network.Link, network.Internal, subnets, options.Together, masquerade, masquerade && network.EnableIPv6);
    }

    /// <summary>Whether a device is the bridge that was made for a network, and not one that was there before.</summary>
    /// <param name="link">The device.</param>
    /// <param name="network">The network.</param>
    /// <returns>As far as its kind and its hardware address tell.</returns>
    public static bool IsMade(NetworkLink link, NetworkRecord network) => link.Kind == Kind && link.Mac == MacOf(network);

    /// <summary>Sets it up, or sets right what somebody took away of it, but for the packet filter. The caller holds the networks' lock.</summary>
    /// <param name="stack">The host's.</param>
    /// <param name="network">The network.</param>
    /// <param name="tell">Told of each thing that was missing, in a line; null tells nobody.</param>
    /// <exception cref="SampanException">Conflict: somebody else has the bridge's name or the prefix.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void SetUp(NetworkStack stack, NetworkRecord network, Action<string>? tell)
    {
        var link = stack.FindLink(network.Link);
        if (link is not null && link.Kind != Kind)
        {
            throw SampanException.Conflict(
                $"network {network.Name} cannot be set up: {network.Link} is a device of the host and no bridge: make the network anew with -o com.docker.network.bridge.name=NAME");
        }

        network = AwayFromOthers(stack, network, link?.Index ?? 0);
        Make(stack, network, link, tell);
    }

    private void Make(NetworkStack stack, NetworkRecord network, NetworkLink? link, Action<string>? tell)
    {
        var isNew = link is null;
        if (link is null)
        {
            // Its address follows from the id: neighbours that know it stay right over a reboot.
            stack.Apply(new NetworkChange().MakeBridge(network.Link, MacOf(network), BridgeOptions.Of(network.Options).Mtu));
            link = stack.Link(network.Link);
            tell?.Invoke($"bridge {network.Link} made");
        }

        GiveAddresses(stack, link, network, tell);
        SetParameters(network, tell);
        using var leases = isNew ? AddressLeases.TryOpen(paths, network.Id) : null;
        if (leases is not null)
        {
            // It was there in this boot and somebody took it away: those that were on it are there still.
            new BridgePorts(paths, stack).Restore(network, tell);
        }
    }

    // 02: locally administered, for one device.
    private static MacAddress MacOf(NetworkRecord network) => MacAddress.FromBytes([0x02, .. Convert.FromHexString(network.Id.AsSpan(0, 10))]);

    private static void GiveAddresses(NetworkStack stack, NetworkLink link, NetworkRecord network, Action<string>? tell)
    {
        var there = stack.Addresses(link.Index);
        var change = new NetworkChange();
        foreach (var addressing in network.Addressing)
        {
            var address = new InterfaceAddress(IPAddress.Parse(addressing.Gateway), addressing.Prefix.PrefixLength);
            var isThere = false;
            foreach (var other in there)
            {
                isThere |= other.Address.Equals(address.Address) && other.PrefixLength == address.PrefixLength;
            }

            if (!isThere)
            {
                change.AddAddress(link.Index, link.Name, address);
                tell?.Invoke($"address {address} given to bridge {link.Name}");
            }
        }

        if (!link.Up)
        {
            change.SetUp(link.Index, link.Name);
            tell?.Invoke($"bridge {link.Name} set up");
        }

        stack.Apply(change);
    }

    // Where the host reaches all of the prefix, or a part of it, by another device, containers would not be reached, or take somebody's place. The
    // network that is always there goes elsewhere: nobody chose its prefix.
    private NetworkRecord AwayFromOthers(NetworkStack stack, NetworkRecord network, int link)
    {
        if (ForeignRoute(stack, network, link) is not { } foreign)
        {
            return network;
        }

        using var leases = AddressLeases.TryOpen(paths, network.Id);
        return network.IsPredefined && leases is null && link == 0
            ? _networks.ChooseAgain(network)
            : throw SampanException.Conflict(
                $"network {network.Name} cannot be set up: the host reaches {foreign} of its subnet by another device: "
                + (network.IsPredefined ? "take that route away, or stop the containers on the network and remove its bridge " + network.Link : "make the network anew with another --subnet"));
    }

    private static IPNetwork? ForeignRoute(NetworkStack stack, NetworkRecord network, int link)
    {
        foreach (var route in stack.Routes())
        {
            foreach (var addressing in network.Addressing)
            {
                if (route.Link != link && route.Link != 0 && route.Destination.PrefixLength >= addressing.Prefix.PrefixLength
                    && AddressPrefix.Overlap(route.Destination, addressing.Prefix) && !IsOfEveryDevice(route.Destination))
                {
                    return route.Destination;
                }
            }
        }

        return null;
    }

    private static bool IsOfEveryDevice(IPNetwork destination) =>
        destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && (destination.BaseAddress.IsIPv6LinkLocal || destination.BaseAddress.IsIPv6Multicast);

    private static void SetParameters(NetworkRecord network, Action<string>? tell)
    {
        if (!network.IPv6Only)
        {
            // What is published on 127.0.0.1 comes from there; the filter keeps others from what listens there (CVE-2020-8558).
            Set($"ipv4/conf/{network.Link}/route_localnet");
        }

        if (network.Internal)
        {
            return;
        }

        if (!network.IPv6Only)
        {
            Set("ipv4/ip_forward");
        }

        if (network.EnableIPv6)
        {
            Set("ipv6/conf/all/forwarding");
        }

        void Set(string name)
        {
            if (NetworkParameter.Set(name, "1"))
            {
                tell?.Invoke($"net/{name} set to 1");
            }
        }
    }
}

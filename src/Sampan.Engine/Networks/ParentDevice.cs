using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Networks;

/// <summary>
/// The host's device that those of a macvlan or ipvlan network's containers are over. One that is called NAME.TAG and is not there is made, for what has this
/// tag of IEEE 802.1Q on NAME; where none is named, one that leads nowhere.
/// </summary>
internal static class ParentDevice
{
    private const string VlanKind = "vlan";
    private const string DummyKind = "dummy";
    private const int LastTag = 4094;

    /// <summary>Finds out which it is to be, with docker's refusals.</summary>
    /// <param name="stack">The host's.</param>
    /// <param name="network">The network that is to be made.</param>
    /// <param name="others">Those that are there.</param>
    /// <returns>The network with its device.</returns>
    /// <exception cref="SampanException">InvalidArgument: there is no such device, and none can be made. Conflict: another network has it.</exception>
    public static NetworkRecord Choose(NetworkStack stack, NetworkRecord network, IReadOnlyList<NetworkRecord> others)
    {
        var options = ParentOptions.Of(network);
        if (options.Parent is not { } parent)
        {
            // As docker calls them: 15 characters, as many as a device's name can have.
            return network with { Link = (network.Driver == NetworkDriver.Macvlan ? "dm-" : "di-") + network.Id[..12], OwnsLink = true };
        }

        CheckSharing(network, options, others);
        if (stack.FindLink(parent) is null)
        {
            _ = Split(stack, parent);
            return network with { Link = parent, OwnsLink = true };
        }

        return network with { Link = parent, OwnsLink = others.Any(other => other.OwnsLink && other.Link == parent) };
    }

    /// <summary>Makes the device where it is not there, and is to be made. The caller holds the networks' lock.</summary>
    /// <param name="stack">The host's.</param>
    /// <param name="network">The network.</param>
    /// <param name="tell">Told of each thing that was missing, in a line; null tells nobody.</param>
    /// <exception cref="SampanException">Unavailable: it is not there, or the kernel has no such devices.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void SetUp(NetworkStack stack, NetworkRecord network, Action<string>? tell)
    {
        if (stack.FindLink(network.Link) is { } link)
        {
            if (network.OwnsLink && !link.Up)
            {
                stack.Apply(new NetworkChange().SetUp(link.Index, link.Name));
                tell?.Invoke($"device {link.Name} set up");
            }

            return;
        }

        if (!network.OwnsLink)
        {
            throw SampanException.Unavailable(
                $"network {network.Name} cannot be set up: the requested parent interface {network.Link} was not found on the host: make it, or make the network anew with another parent");
        }

        stack.Apply(Make(stack, network));
        tell?.Invoke($"device {network.Link} made: restart the network's containers, whose devices went with the one before");
    }

    /// <summary>Takes it away, if it was made and no other network has it. The caller holds the networks' lock, and nobody is on the network.</summary>
    /// <param name="stack">The host's.</param>
    /// <param name="network">The network.</param>
    /// <param name="others">All networks.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void Remove(NetworkStack stack, NetworkRecord network, IReadOnlyList<NetworkRecord> others)
    {
        if (network.OwnsLink && !others.Any(other => other.Id != network.Id && other.Link == network.Link)
            && stack.FindLink(network.Link) is { Kind: VlanKind or DummyKind } link)
        {
            stack.Apply(new NetworkChange().RemoveLink(link.Index, link.Name));
        }
    }

    /// <summary>Says what to do where the kernel made no device for a container.</summary>
    /// <param name="problem">What it said.</param>
    /// <param name="network">The network.</param>
    /// <returns>The same with the way out; null where there is none to be told.</returns>
    public static string? Explain(LinuxException problem, NetworkRecord network)
    {
        var wayOut = problem.Errno switch
        {
            Errno.EOPNOTSUPP => $"the kernel has no {network.Driver} devices: load the module {network.Driver}",
            Errno.EBUSY => $"{network.Link} is in use otherwise: it is a bridge's port, or networks of macvlan and of ipvlan have it at one time",
            Errno.EINVAL when ParentOptions.Of(network).MacvlanMode == MacvlanMode.Passthru => $"with passthru one container alone has {network.Link}",
            _ => null,
        };
        return wayOut is null ? null : $"network {network.Name}: {problem.Message}: {wayOut}";
    }

    private static NetworkChange Make(NetworkStack stack, NetworkRecord network)
    {
        if (ParentOptions.Of(network).Parent is null)
        {
            return new NetworkChange().MakeDummy(network.Link);
        }

        var (parent, tag) = Split(stack, network.Link);
        return new NetworkChange().MakeVlan(network.Link, parent.Index, tag);
    }

    // macvlan devices of several networks are all ports of one switch; what ipvlan does is a property of the parent, so that has one network.
    private static void CheckSharing(NetworkRecord network, ParentOptions options, IReadOnlyList<NetworkRecord> others)
    {
        foreach (var other in others)
        {
            if (other.Driver != network.Driver || other.Link != options.Parent)
            {
                continue;
            }

            if (network.Driver == NetworkDriver.Ipvlan)
            {
                throw SampanException.Conflict($"network di-{other.Id[..12]} is already using parent interface {other.Link}: it is network {other.Name}");
            }

            if (options.MacvlanMode == MacvlanMode.Passthru)
            {
                throw SampanException.Conflict($"cannot use mode passthru, macvlan network {other.Id} is already using parent interface {other.Link}: it is network {other.Name}");
            }

            if (ParentOptions.Of(other).MacvlanMode == MacvlanMode.Passthru)
            {
                throw SampanException.Conflict($"macvlan network {other.Id} is already using parent interface {other.Link} in mode passthru: it is network {other.Name}");
            }
        }
    }

    private static (NetworkLink Parent, int Tag) Split(NetworkStack stack, string name)
    {
        var parts = name.Split('.');
        if (parts.Length == 1)
        {
            throw SampanException.InvalidArgument($"invalid subinterface vlan name {name}, example formatting is eth0.10: the host has no device {name}");
        }

        if (parts.Length != 2)
        {
            throw SampanException.InvalidArgument($"required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received {name}");
        }

        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var tag))
        {
            throw SampanException.InvalidArgument($"unable to parse a valid vlan id from: {parts[1]} (ex. eth0.10 for vlan 10)");
        }

        var parent = stack.FindLink(parts[0]) ?? throw SampanException.InvalidArgument($"-o parent interface was not found on the host: {parts[0]}");
        return tag is >= 1 and <= LastTag ? (parent, tag) : throw SampanException.InvalidArgument($"vlan id must be between 1-4094, received: {tag}");
    }
}

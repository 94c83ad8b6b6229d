using System.Net;
using Sampan.Linux.Netlink;
using Sampan.Networking.Addresses;
using Sampan.Networking.Names;

namespace Sampan.Engine.Networks;

/// <summary>Prefixes that a new network must not take: a tunnel's networks are found by its routes and rules, whether or not they are up elsewhere.</summary>
internal static class TakenPrefixes
{
    /// <summary>Asks the kernel, and looks which name servers the host has.</summary>
    /// <param name="networks">The networks there are.</param>
    /// <returns>The prefixes, of both families.</returns>
    /// <exception cref="Linux.LinuxException">The kernel refuses.</exception>
    public static List<IPNetwork> Find(IReadOnlyList<NetworkRecord> networks)
    {
        List<IPNetwork> taken = [];
        foreach (var network in networks)
        {
            foreach (var addressing in network.ConfigOnly ? [] : network.Addressing)
            {
                taken.Add(addressing.Prefix);
            }
        }

        using var stack = NetworkStack.Open();
        foreach (var route in stack.Routes())
        {
            taken.Add(route.Destination);
        }

        foreach (var address in stack.Addresses(0))
        {
            taken.Add(AddressPrefix.Of(address.Address, address.PrefixLength));
        }

        taken.AddRange(stack.RulePrefixes());
        foreach (var server in HostResolver.Servers(HostResolver.Content()))
        {
            taken.Add(AddressPrefix.Of(server, server.GetAddressBytes().Length * 8));
        }

        return taken;
    }
}

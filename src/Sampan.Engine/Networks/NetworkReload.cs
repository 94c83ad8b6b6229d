using Sampan.Linux;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Networks;

/// <summary>Restores what somebody took away of networks that are set up: bridges, addresses, parameters of the kernel, ports of bridges, the packet filter.</summary>
/// <param name="paths">Where the state is.</param>
/// <param name="tell">Told of each thing that was missing, in a line.</param>
internal sealed class NetworkReload(EnginePaths paths, Action<string> tell)
{
    /// <summary>Restores networks, and the packet filter whole.</summary>
    /// <param name="wanted">Which networks, by id; null for all.</param>
    /// <exception cref="SampanException">Conflict: somebody else has a bridge's name, or a prefix.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Restore(IReadOnlySet<string>? wanted)
    {
        var networks = new NetworkStore(paths);
        using var held = networks.Lock();
        using var stack = NetworkStack.Open();
        var setup = new NetworkSetup(paths);
        foreach (var network in networks.ListRecorded())
        {
            using var leases = AddressLeases.TryOpen(paths, network.Id);
            if (leases is not null && wanted?.Contains(network.Id) != false)
            {
                setup.SetUp(stack, network, line => tell($"network {network.Name}: {line}"));
                if (network.Driver == NetworkDriver.Bridge)
                {
                    new BridgePorts(paths, stack).Restore(network, line => tell($"network {network.Name}: {line}"));
                }
            }
        }

        using var firewall = new NetworkFirewall(paths);
        var before = firewall.Contents();
        firewall.Write(networks);
        Compare(firewall.Name, before, firewall.Contents()!);
    }

    private void Compare(string table, FirewallContents? before, FirewallContents after)
    {
        if (before is null)
        {
            tell($"packet filter: table inet {table} made, with {after}; what was in its chain user is not known here");
        }
        else if (before != after)
        {
            tell($"packet filter: table inet {table} had {before}, and has {after} again");
        }
    }
}

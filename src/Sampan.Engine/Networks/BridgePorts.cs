using Sampan.Engine.Containers;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Networks;

/// <summary>The near ends of containers' devices, which are ports of their networks' bridges.</summary>
/// <param name="paths">Where the state is.</param>
/// <param name="stack">The host's.</param>
internal sealed class BridgePorts(EnginePaths paths, NetworkStack stack)
{
    /// <summary>Connects containers that run to their network's bridge again, where they are not: with a bridge its ports lose it.</summary>
    /// <param name="network">The network; its bridge is there.</param>
    /// <param name="tell">Told of each container; null tells nobody.</param>
    /// <exception cref="Linux.LinuxException">The kernel refuses.</exception>
    public void Restore(NetworkRecord network, Action<string>? tell)
    {
        var bridge = stack.Link(network.Link).Index;
        var together = BridgeOptions.Of(network.Options).Together;
        foreach (var record in new ContainerStore(paths).WholeRecords())
        {
            foreach (var endpoint in record.Endpoints is null ? [] : NetworkState.TryRead(paths.Run(record.Id))?.Endpoints ?? [])
            {
                if (endpoint.NetworkId != network.Id || endpoint.HostDevice.Length == 0)
                {
                    continue;
                }

                if (stack.FindLink(endpoint.HostDevice) is not { } device)
                {
                    if (new Container(paths, record).State.Running)
                    {
                        tell?.Invoke($"container {record.Name} has lost its device {endpoint.Device}: restart it to have another");
                    }
                }
                else if (device.Master != bridge || !device.Up)
                {
                    stack.Apply(new NetworkChange()
                        .SetMaster(device.Index, device.Name, bridge)
                        .SetPort(device.Name, hairpin: true, isolated: !together));
                    tell?.Invoke($"container {record.Name} connected again");
                }
            }
        }
    }
}

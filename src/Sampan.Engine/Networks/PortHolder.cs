using System.Net;
using System.Net.Sockets;
using Sampan.Engine.Containers;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Networks;

/// <summary>Who has a port of the host.</summary>
internal static class PortHolder
{
    /// <summary>Looks for who has it, among containers and then among all programs.</summary>
    /// <param name="paths">Where the containers are.</param>
    /// <param name="port">The port.</param>
    /// <returns>Words that end a sentence, with a space before them.</returns>
    public static string Find(EnginePaths paths, OpenPort port)
    {
        if (NameOf(paths, port) is { } name)
        {
            return $" by container {name}";
        }

        var owner = port.Protocol is "tcp" or "udp" && port.HostPort != 0 ? SocketOwner.Find(port.Protocol, IPAddress.Parse(port.HostIp), port.HostPort) : null;
        return owner is { } known ? $" by {known.Name} (pid {known.Pid})" : " by another program of the host";
    }

    /// <summary>Whether it is a container's that runs, or is about to.</summary>
    /// <param name="paths">Where the containers are.</param>
    /// <param name="port">The port.</param>
    public static bool IsContainers(EnginePaths paths, OpenPort port) => NameOf(paths, port) is not null;

    private static string? NameOf(EnginePaths paths, OpenPort port)
    {
        foreach (var record in new ContainerStore(paths).WholeRecords())
        {
            foreach (var open in NetworkState.TryRead(paths.Run(record.Id))?.Ports ?? [])
            {
                if (open.Protocol == port.Protocol && open.HostPort == port.HostPort && Meet(open.HostIp, port.HostIp)
                    && new Container(paths, record) is var other && (other.HasMonitor || other.State.Running))
                {
                    return record.Name;
                }
            }
        }

        return null;
    }

    private static bool Meet(string one, string other)
    {
        var (left, right) = (IPAddress.Parse(one), IPAddress.Parse(other));
        return left.AddressFamily == right.AddressFamily && (left.Equals(right) || IsAny(left) || IsAny(right));
    }

    private static bool IsAny(IPAddress address) => address.Equals(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any);
}

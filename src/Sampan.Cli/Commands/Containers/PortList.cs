using System.Globalization;
using System.Net;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;

namespace Sampan.Cli.Commands.Containers;

/// <summary>Ports of a container as ps shows them.</summary>
internal static class PortList
{
    /// <summary>What leads to it, and what is exposed besides, by port.</summary>
    /// <param name="container">The container.</param>
    /// <param name="state">Its state: of one that does not run there is nothing to say.</param>
    /// <returns>443/tcp, 0.0.0.0:8080->80/tcp</returns>
    public static string Of(Container container, ContainerState state) =>
        !state.Running || container.Record.Endpoints is null ? "" : Format(container.Network?.Ports ?? [], container.Config.ExposedPorts?.Keys ?? []);

    /// <summary>Folds neighbours that have the same number on both sides into one, as docker's client does; those with another number on the host come last.</summary>
    /// <param name="open">What leads to the container.</param>
    /// <param name="exposed">Its ports that are exposed: 443/tcp.</param>
    /// <returns>0.0.0.0:8000-8002->8000-8002/tcp, 0.0.0.0:8080->80/tcp</returns>
    internal static string Format(IReadOnlyList<OpenPort> open, IEnumerable<string> exposed)
    {
        List<OpenPort> ports = [.. open];
        foreach (var key in exposed)
        {
            if (!ports.Exists(port => port.Key == key))
            {
                var slash = key.IndexOf('/', StringComparison.Ordinal);
                ports.Add(new() { ContainerPort = int.Parse(key.AsSpan(0, slash), CultureInfo.InvariantCulture), Protocol = key[(slash + 1)..] });
            }
        }

        ports.Sort(static (left, right) => (left.ContainerPort.CompareTo(right.ContainerPort), string.CompareOrdinal(left.HostIp, right.HostIp), left.HostPort.CompareTo(right.HostPort)) switch
        {
            (not 0 and var byPort, _, _) => byPort,
            (_, not 0 and var byAddress, _) => byAddress,
            (_, _, not 0 and var byNumber) => byNumber,
            _ => string.CompareOrdinal(left.Protocol, right.Protocol),
        });
        List<string> words = [];
        List<string> moved = [];
        List<PortRun> runs = [];
        foreach (var port in ports)
        {
            if (port.HostIp.Length > 0 && port.HostPort != port.ContainerPort)
            {
                moved.Add($"{Address(port)}->{port.Key}");
                continue;
            }

            var index = runs.FindIndex(run => run.HostIp == port.HostIp && run.Protocol == port.Protocol);
            if (index < 0)
            {
                runs.Add(new(port.HostIp, port.Protocol, port.ContainerPort, port.ContainerPort));
            }
            else if (port.ContainerPort == runs[index].Last + 1)
            {
                runs[index] = runs[index] with { Last = port.ContainerPort };
            }
            else
            {
                words.Add(runs[index].ToString());
                runs[index] = new(port.HostIp, port.Protocol, port.ContainerPort, port.ContainerPort);
            }
        }

        return string.Join(", ", [.. words, .. runs.ConvertAll(static run => run.ToString()), .. moved]);
    }

    /// <summary>In the order in which docker's client names them: by the container's port, then the host's address and port.</summary>
    /// <param name="open">What leads to a container.</param>
    /// <returns>The same.</returns>
    public static IReadOnlyList<OpenPort> Sorted(IReadOnlyList<OpenPort> open)
    {
        List<OpenPort> ports = [.. open];
        ports.Sort(static (left, right) =>
        {
            var order = left.ContainerPort.CompareTo(right.ContainerPort);
            order = order != 0 ? order : string.CompareOrdinal(left.Protocol, right.Protocol);
            order = order != 0 ? order : Bytes(left.HostIp).AsSpan().SequenceCompareTo(Bytes(right.HostIp));
            return order != 0 ? order : left.HostPort.CompareTo(right.HostPort);
        });
        return ports;
    }

    /// <summary>The host's side of a port.</summary>
    /// <param name="port">The port.</param>
    /// <returns>0.0.0.0:8080, or [::]:8080.</returns>
    public static string Address(OpenPort port) => Join(port.HostIp, port.HostPort.ToString(CultureInfo.InvariantCulture));

    private static string Join(string address, string port) => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";

    // IPv4 before IPv6.
    private static byte[] Bytes(string address) => IPAddress.Parse(address).GetAddressBytes() is var bytes && bytes.Length == 4 ? [0, .. bytes] : [1, .. bytes];

    /// <summary>Ports that follow each other, each with the same number on the host.</summary>
    private sealed record PortRun(string HostIp, string Protocol, int First, int Last)
    {
        public override string ToString()
        {
            var ports = First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
            return HostIp.Length == 0 ? $"{ports}/{Protocol}" : $"{Join(HostIp, ports)}->{ports}/{Protocol}";
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Networks;

/// <summary>Takes ports of the host for a container.</summary>
/// <param name="paths">Where the state is: it says who else has ports.</param>
internal sealed class PortTaker(EnginePaths paths)
{
    // A number the kernel chose for one family may be somebody's in the other.
    private const int MostAttempts = 16;

    private bool? _hostHasIPv6;

    private bool HostHasIPv6 => _hostHasIPv6 ??= PortReservation.HostHasIPv6;

    /// <summary>Takes a port: on one address, or on all of both families by the same number.</summary>
    /// <param name="target">Where it is to lead.</param>
    /// <param name="key">The container's port: 80/tcp.</param>
    /// <param name="asked">Where.</param>
    /// <param name="wish">The number that is taken if it is free, where any will do; 0 for none.</param>
    /// <param name="yielding">What is given up for it if need be.</param>
    /// <returns>What was taken.</returns>
    /// <exception cref="SampanException">Conflict: somebody has it. InvalidArgument: it cannot be published there.</exception>
    public OpenBinding Take(PublishTarget target, string key, PortBinding asked, int wish, IReadOnlyList<OpenBinding> yielding)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var port = new OpenPort
        {
            Protocol = key[(slash + 1)..],
            ContainerPort = int.Parse(key.AsSpan(0, slash), CultureInfo.InvariantCulture),
            AskedIp = asked.HostIp,
            AskedPort = asked.HostPort,
        };
        var addresses = Addresses(target, port);
        var (first, last) = Range(asked.HostPort);
        List<int> attempts = wish > 0 && (first != last || first == 0) ? [wish] : [];
        for (var number = first; number <= last; number++)
        {
            attempts.Add(number);
        }

        for (var more = 1; first == 0 && more < MostAttempts; more++)
        {
            attempts.Add(0);
        }

        var refusing = addresses[0];
        foreach (var number in attempts)
        {
            if (TryTake(port with { HostPort = number }, addresses, yielding, ref refusing) is { } parts)
            {
                return new(key, asked, parts);
            }
        }

        throw SampanException.Conflict(
            $"driver failed programming external connectivity on endpoint {target.Name} ({target.Endpoint.Id}): "
            + $"Bind for {new IPEndPoint(refusing, first)} failed: port is already allocated{PortHolder.Find(paths, port with { HostIp = refusing.ToString(), HostPort = first })}");
    }

    /// <summary>The same, or null where it cannot be had.</summary>
    /// <inheritdoc cref="Take"/>
    public OpenBinding? TryTake(PublishTarget target, string key, PortBinding asked)
    {
        try
        {
            return Take(target, key, asked, 0, []);
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            return null;
        }
    }

    /// <summary>Takes a port that is known to be the container's.</summary>
    /// <param name="port">The port.</param>
    /// <returns>Without a socket where somebody has it.</returns>
    public static PortReservation TakeAgain(OpenPort port)
    {
        try
        {
            return PortReservation.TryTake(port) ?? new(port, null);
        }
        catch (LinuxException)
        {
            // The host has the address no more.
            return new(port, null);
        }
    }

    private static (int First, int Last) Range(string text)
    {
        if (text.Length == 0)
        {
            return (0, 0);
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = int.Parse(text.AsSpan(0, dash < 0 ? text.Length : dash), CultureInfo.InvariantCulture);
        return (first, dash < 0 ? first : int.Parse(text.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    private List<IPAddress> Addresses(PublishTarget target, OpenPort port)
    {
        var address = port.AskedIp.Length == 0 ? target.HostAddress ?? NetworkConfiguration.FromEnvironment().HostAddress ?? IPAddress.Any : IPAddress.Parse(port.AskedIp);
        if (!target.HasIPv4 && address.AddressFamily == AddressFamily.InterNetwork)
        {
            // As with docker, where no address is named IPv6 alone is meant. Nobody carries IPv4 to a container that does not speak it.
            return port.AskedIp.Length == 0 && HostHasIPv6
                ? [IPAddress.IPv6Any]
                : throw SampanException.InvalidArgument($"cannot publish {port.Key} on {address}: container {target.Name} has no IPv4 address: publish it on an IPv6 address of a host that has one");
        }

        if (port.Protocol == "sctp" && address.AddressFamily == AddressFamily.InterNetworkV6 && !target.HasIPv6)
        {
            throw SampanException.InvalidArgument($"cannot publish {port.Key} on [{address}]: container {target.Name} has no IPv6 address: make its network with --ipv6");
        }

        // Where no address is named all are meant, of both families. Nobody carries SCTP to a container that has only IPv4.
        return port.AskedIp.Length == 0 && address.Equals(IPAddress.Any) && HostHasIPv6 && (port.Protocol != "sctp" || target.HasIPv6)
            ? [IPAddress.Any, IPAddress.IPv6Any]
            : [address];
    }

    private List<PortReservation>? TryTake(OpenPort port, List<IPAddress> addresses, IReadOnlyList<OpenBinding> yielding, ref IPAddress refusing)
    {
        List<PortReservation> taken = [];
        try
        {
            foreach (var address in addresses)
            {
                // All by the number of the first.
                var wanted = port with { HostIp = address.ToString(), HostPort = taken.Count == 0 ? port.HostPort : taken[0].Port.HostPort };
                if ((Yielded(wanted, yielding) ?? TryTakeOne(wanted)) is not { } reservation)
                {
                    refusing = address;
                    Release(taken, yielding);
                    return null;
                }

                taken.Add(reservation);
            }

            return taken;
        }
        catch
        {
            Release(taken, yielding);
            throw;
        }
    }

    private PortReservation? TryTakeOne(OpenPort port)
    {
        try
        {
            // Without a socket only the others' records say whether somebody has it.
            return port.Protocol == "sctp" && port.HostPort != 0 && !PortReservation.KernelHasSctp && PortHolder.IsContainers(paths, port)
                ? null
                : PortReservation.TryTake(port);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.EADDRNOTAVAIL)
        {
            throw new SampanException(
                ErrorKind.InvalidArgument, $"cannot publish {port.Key} on {port.HostIp}: cannot assign requested address: the host does not have it", problem);
        }
    }

    private static PortReservation? Yielded(OpenPort port, IReadOnlyList<OpenBinding> yielding)
    {
        foreach (var binding in yielding)
        {
            foreach (var part in binding.Parts)
            {
                if (part.Port.Protocol == port.Protocol && part.Port.HostIp == port.HostIp && part.Port.HostPort == port.HostPort)
                {
                    return part with { Port = port };
                }
            }
        }

        return null;
    }

    private static void Release(List<PortReservation> taken, IReadOnlyList<OpenBinding> yielding)
    {
        foreach (var reservation in taken)
        {
            if (Yielded(reservation.Port, yielding) is null)
            {
                reservation.Socket?.Dispose();
            }
        }
    }
}

using System.Globalization;
using Sampan.Engine.Containers;

namespace Sampan.Engine.Networks;

/// <summary>The variables that tell a container of another it is linked to, by docker's rules (moby, daemon/links, ToEnv).</summary>
internal static class LinkEnvironment
{
    /// <summary>Makes them.</summary>
    /// <param name="name">/OWN-NAME/ALIAS.</param>
    /// <param name="address">The other's address.</param>
    /// <param name="other">What the other runs: its ports and variables are told.</param>
    /// <returns>NAME=value words.</returns>
    public static IReadOnlyList<string> Of(string name, string address, ContainerConfig other)
    {
        List<string> words = [];
        var prefix = name[(name.LastIndexOf('/') + 1)..].Replace('-', '_').ToUpperInvariant();
        var ports = PortsOf(other);
        if (ports.Count > 0)
        {
            words.Add($"{prefix}_PORT={ports[0].Url(address)}");
        }

        for (var first = 0; first < ports.Count; first++)
        {
            var last = LastOfRange(ports, first);
            if (last > first)
            {
                var (from, to) = (ports[first], ports[last]);
                var start = $"{prefix}_{from.Variable}";
                words.Add($"{start}_START={from.Url(address)}");
                words.Add($"{start}_ADDR={address}");
                words.Add($"{start}_PROTO={from.Protocol}");
                words.Add($"{start}_PORT_START={from.Number.ToString(CultureInfo.InvariantCulture)}");
                words.Add($"{start}_END={to.Url(address)}");
                words.Add($"{start}_PORT_END={to.Number.ToString(CultureInfo.InvariantCulture)}");
                first = last;
            }
        }

        foreach (var port in ports)
        {
            words.Add($"{prefix}_{port.Variable}={port.Url(address)}");
            words.Add($"{prefix}_{port.Variable}_ADDR={address}");
            words.Add($"{prefix}_{port.Variable}_PORT={port.Number.ToString(CultureInfo.InvariantCulture)}");
            words.Add($"{prefix}_{port.Variable}_PROTO={port.Protocol}");
        }

        words.Add($"{prefix}_NAME={name}");
        foreach (var setting in other.Env)
        {
            // What every image has says nothing.
            if (setting.Contains('=', StringComparison.Ordinal) && !setting.StartsWith("HOME=", StringComparison.Ordinal) && !setting.StartsWith("PATH=", StringComparison.Ordinal))
            {
                words.Add($"{prefix}_ENV_{setting}");
            }
        }

        return words;
    }

    private static List<Port> PortsOf(ContainerConfig other)
    {
        List<Port> ports = [];
        foreach (var key in other.ExposedPorts?.Keys ?? [])
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            ports.Add(new(int.Parse(key.AsSpan(0, slash), CultureInfo.InvariantCulture), key[(slash + 1)..]));
        }

        ports.Sort(static (left, right) => left.Number == right.Number ? string.CompareOrdinal(left.Protocol, right.Protocol) : left.Number - right.Number);
        return ports;
    }

    private static int LastOfRange(List<Port> ports, int first)
    {
        var last = first;
        while (last + 1 < ports.Count && ports[last + 1].Number <= ports[first].Number + (last + 1 - first))
        {
            last++;
        }

        return last;
    }

    private readonly record struct Port(int Number, string Protocol)
    {
        public string Variable => string.Create(CultureInfo.InvariantCulture, $"PORT_{Number}_{Protocol.ToUpperInvariant()}");

        public string Url(string address) => string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{address}:{Number}");
    }
}

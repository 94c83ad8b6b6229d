using System.Net;
using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Dns.Zones;

/// <summary>The names of one network. It does not change; only whose turn it is among several addresses of a name does.</summary>
public sealed class NetworkNames
{
    private readonly byte[] _network;
    private readonly ByteTable _names;
    private readonly ByteTable _addresses;
    private readonly byte[][] _canonical;

    /// <summary>Gathers the names.</summary>
    /// <param name="network">
    /// The network's name: a host is also known as NAME.NETWORK, and a reverse look-up answers that. Empty where there is none, as for
    /// names that only one container knows (--link).
    /// </param>
    /// <param name="hosts">
    /// Who is there. A name that no query could have (RFC 1035, 3.1) is left out; where several have an address, the first one's name is
    /// that of the address.
    /// </param>
    /// <param name="reverse">Whether addresses lead to these names.</param>
    public NetworkNames(string network, IReadOnlyList<NamedHost> hosts, bool reverse = true)
    {
        Span<byte> name = stackalloc byte[WireName.Longest];
        _network = WireName.TryWrite(network, name, out var length) ? Key(name[..length]).ToArray() : [];

        var (names, bytes, addresses) = Measure(hosts);
        _names = new(names, bytes);
        _addresses = new(addresses, addresses * 16);
        var pairs = new List<(int Name, IPAddress Address)>(names);
        var canonical = new List<byte[]>(addresses);
        foreach (var host in hosts)
        {
            var first = pairs.Count;
            AddName(host.Name, host.Addresses, pairs, first);
            for (var index = 0; index < host.Others.Count; index++)
            {
                AddName(host.Others[index], host.Addresses, pairs, first);
            }

            if (reverse)
            {
                AddReverse(host, network, canonical);
            }
        }

        _canonical = [.. canonical];
        Addresses4.Pack(_names.Count, pairs);
        Addresses6.Pack(_names.Count, pairs);
    }

    /// <summary>IPv4 addresses of the names.</summary>
    internal AddressList Addresses4 { get; } = new(4);

    /// <summary>IPv6 addresses of the names.</summary>
    internal AddressList Addresses6 { get; } = new(16);

    /// <summary>Whether the network is called so.</summary>
    /// <param name="labels">A name in lower case, without its zero.</param>
    internal bool IsCalled(ReadOnlySpan<byte> labels) => _network.Length > 0 && labels.SequenceEqual(_network);

    /// <summary>Looks a name up.</summary>
    /// <param name="labels">A name in lower case, without its zero.</param>
    /// <returns>Its number; -1 where nobody is called so.</returns>
    internal int Find(ReadOnlySpan<byte> labels) => _names.Find(labels);

    /// <summary>Who has an address.</summary>
    /// <param name="address">Four or sixteen bytes.</param>
    /// <returns>His name; empty where nobody has it.</returns>
    internal ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> address)
    {
        var number = _addresses.Find(address);
        return number < 0 ? default : _canonical[number];
    }

    private static (int Names, int Bytes, int Addresses) Measure(IReadOnlyList<NamedHost> hosts)
    {
        var (names, bytes, addresses) = (0, 0, 0);
        foreach (var host in hosts)
        {
            names += 1 + host.Others.Count;
            bytes += WireLength(host.Name);
            addresses += host.Addresses.Count;
            for (var index = 0; index < host.Others.Count; index++)
            {
                bytes += WireLength(host.Others[index]);
            }
        }

        return (names, bytes, addresses);
    }

    // Each label has its length where the text has a dot, and the first one has one more.
    private static int WireLength(string name) => System.Text.Encoding.UTF8.GetByteCount(name) + 1;

    private static ReadOnlySpan<byte> Key(Span<byte> name)
    {
        WireName.Lower(name, name);
        return name[..^1];
    }

    /// <param name="text">A name of a host.</param>
    /// <param name="addresses">The host's.</param>
    /// <param name="pairs">What there is of all hosts.</param>
    /// <param name="first">Where this host's begin: he may have a name twice, once as an alias.</param>
    private void AddName(string text, IReadOnlyList<IPAddress> addresses, List<(int Name, IPAddress Address)> pairs, int first)
    {
        Span<byte> name = stackalloc byte[WireName.Longest];
        if (!WireName.TryWrite(text, name, out var length))
        {
            return;
        }

        var number = _names.Add(Key(name[..length]));
        for (var index = first; index < pairs.Count; index++)
        {
            if (pairs[index].Name == number)
            {
                return;
            }
        }

        for (var index = 0; index < addresses.Count; index++)
        {
            pairs.Add((number, addresses[index]));
        }
    }

    private void AddReverse(NamedHost host, string network, List<byte[]> canonical)
    {
        Span<byte> name = stackalloc byte[WireName.Longest];
        if (!WireName.TryWrite(_network.Length == 0 ? host.Name : $"{host.Name}.{network}", name, out var length))
        {
            return;
        }

        byte[]? bytes = null;
        Span<byte> address = stackalloc byte[16];
        for (var index = 0; index < host.Addresses.Count; index++)
        {
            if (host.Addresses[index].TryWriteBytes(address, out var width) && _addresses.Add(address[..width]) == canonical.Count)
            {
                canonical.Add(bytes ??= name[..length].ToArray());
            }
        }
    }
}

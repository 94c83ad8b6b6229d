using System.Net;
using System.Net.Sockets;

namespace Sampan.Networking.Dns.Zones;

/// <summary>The addresses of one family that each name has, packed; those of a name are given out in turn.</summary>
/// <param name="width">Bytes of an address: 4 or 16.</param>
internal sealed class AddressList(int width)
{
    private byte[] _bytes = [];
    private int[] _starts = [0];
    private int[] _turns = [];

    /// <summary>Bytes of an address.</summary>
    public int Width { get; } = width;

    /// <summary>Packs what a zone has gathered.</summary>
    /// <param name="names">How many names there are.</param>
    /// <param name="pairs">Numbers of names, and addresses of both families.</param>
    public void Pack(int names, List<(int Name, IPAddress Address)> pairs)
    {
        _starts = new int[names + 1];
        foreach (var (name, address) in pairs)
        {
            _starts[name + 1] += Has(address) ? 1 : 0;
        }

        for (var name = 0; name < names; name++)
        {
            _starts[name + 1] += _starts[name];
        }

        _bytes = new byte[_starts[names] * Width];
        _turns = new int[names];
        foreach (var (name, address) in pairs)
        {
            // For now a turn counts what is there already.
            if (Has(address) && !address.TryWriteBytes(_bytes.AsSpan((_starts[name] + _turns[name]++) * Width), out _))
            {
                throw new InvalidOperationException("an address is longer than its family's");
            }
        }

        Array.Clear(_turns);
    }

    /// <summary>How many addresses a name has.</summary>
    /// <param name="name">Its number.</param>
    public int Count(int name) => _starts[name + 1] - _starts[name];

    /// <summary>Whose turn it is among the addresses of a name: the next one's than last time.</summary>
    /// <param name="name">Its number; it has at least one.</param>
    /// <returns>Less than how many it has.</returns>
    public int NextTurn(int name)
    {
        var turn = _turns[name];
        _turns[name] = turn + 1 < Count(name) ? turn + 1 : 0;
        return turn;
    }

    /// <summary>An address of a name.</summary>
    /// <param name="name">Its number.</param>
    /// <param name="index">Less than how many it has.</param>
    public ReadOnlySpan<byte> this[int name, int index] => _bytes.AsSpan((_starts[name] + index) * Width, Width);

    private bool Has(IPAddress address) => address.AddressFamily == (Width == 4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
}

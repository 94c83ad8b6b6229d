using Sampan.Networking.Dns.Messages;

namespace Sampan.Networking.Dns.Zones;

/// <summary>All names a container knows: those of its networks. Its owner replaces it whole when something changes.</summary>
public sealed class NameZone
{
    /// <summary>A zone without names.</summary>
    public static readonly NameZone Empty = new([]);

    private readonly NetworkNames[] _networks;

    /// <summary>Joins networks.</summary>
    /// <param name="networks">In the order they are looked into: where two have a name, the first one's is answered.</param>
    public NameZone(IReadOnlyList<NetworkNames> networks) => _networks = [.. networks];

    /// <summary>
    /// Looks a name up: as a name on any network, else as NAME.NETWORK with any dot between the two, since both may have dots. So does
    /// docker. Domains that the resolver's search list adds are no part of a name: NAME.DOMAIN is nobody's here.
    /// </summary>
    /// <param name="name">As a message has it, in any case.</param>
    /// <param name="network">The network that has it.</param>
    /// <param name="number">Its number there.</param>
    /// <returns>False where no network has it.</returns>
    internal bool TryFind(ReadOnlySpan<byte> name, out NetworkNames network, out int number)
    {
        Span<byte> lower = stackalloc byte[WireName.Longest];
        lower = lower[..(name.Length - 1)];
        WireName.Lower(name[..^1], lower);

        // Where the labels begin; the first one always belongs to the host.
        Span<byte> starts = stackalloc byte[WireName.Longest / 2];
        var labels = 0;
        for (var offset = 0; offset < lower.Length; offset += lower[offset] + 1)
        {
            starts[labels++] = (byte)offset;
        }

        for (var cut = labels; cut > 0; cut--)
        {
            var end = cut == labels ? lower.Length : starts[cut];
            foreach (var candidate in _networks)
            {
                if (cut != labels && !candidate.IsCalled(lower[end..]))
                {
                    continue;
                }

                number = candidate.Find(lower[..end]);
                if (number >= 0)
                {
                    network = candidate;
                    return true;
                }
            }
        }

        network = null!;
        number = -1;
        return false;
    }

    /// <summary>Who has an address, on any network.</summary>
    /// <param name="address">Four or sixteen bytes.</param>
    /// <returns>His name as a message has it; empty where nobody has it.</returns>
    internal ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> address)
    {
        foreach (var network in _networks)
        {
            var name = network.NameOf(address);
            if (!name.IsEmpty)
            {
                return name;
            }
        }

        return default;
    }
}

using System.Globalization;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Volumes;

/// <summary>
/// The option idmap of -v: uids=INSIDE-OUTSIDE-COUNT[#…];gids=… says which id the files of the host directory that belong to OUTSIDE have in the
/// container. On an idmapped mount (mount_setattr(2)) that holds for what is written as well.
/// </summary>
internal static class IdMapArgument
{
    /// <summary>The option by which the owner of the host directory is the container's user.</summary>
    public const string MatchUser = "match-user";

    /// <summary>Reads the mappings.</summary>
    /// <exception cref="SampanException">InvalidArgument: another form.</exception>
    public static (IReadOnlyList<RuntimeIdMapping> Users, IReadOnlyList<RuntimeIdMapping> Groups) Parse(string text)
    {
        IReadOnlyList<RuntimeIdMapping>? users = null, groups = null;
        foreach (var part in text.Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            switch (equals < 0 ? "" : part[..equals])
            {
                case "uids":
                    users = Ranges(part[(equals + 1)..], text);
                    break;
                case "gids":
                    groups = Ranges(part[(equals + 1)..], text);
                    break;
                default:
                    throw Bad(text);
            }
        }

        return (users ?? groups ?? throw Bad(text), groups ?? users ?? throw Bad(text));
    }

    /// <summary>All ids as they are but two, which stand for each other.</summary>
    public static IReadOnlyList<RuntimeIdMapping> Exchange(uint one, uint other)
    {
        // 4294967295 is no id (user_namespaces(7)).
        const uint all = uint.MaxValue;
        if (one == other)
        {
            return [Mapping(0, 0, all)];
        }

        var (low, high) = (Math.Min(one, other), Math.Max(one, other));
        List<RuntimeIdMapping> map = [Mapping(low, high, 1), Mapping(high, low, 1)];
        AddSame(map, 0, low);
        AddSame(map, low + 1, high);
        AddSame(map, high + 1, all);
        return map;
    }

    private static void AddSame(List<RuntimeIdMapping> map, uint from, uint to)
    {
        if (to > from)
        {
            map.Add(Mapping(from, from, to - from));
        }
    }

    private static List<RuntimeIdMapping> Ranges(string text, string whole)
    {
        List<RuntimeIdMapping> ranges = [];
        foreach (var range in text.Split('#'))
        {
            if (range.Split('-') is not [var inside, var outside, var count] || !TryNumber(inside, out var to) || !TryNumber(outside, out var from)
                || !TryNumber(count, out var size) || size == 0)
            {
                throw Bad(whole);
            }

            ranges.Add(Mapping(from, to, size));
        }

        return ranges;
    }

    // In the namespace of an idmapped mount the id on the disk is the inner one, the id that is seen the outer.
    private static RuntimeIdMapping Mapping(uint stored, uint seen, uint size) => new() { ContainerID = stored, HostID = seen, Size = size };

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static SampanException Bad(string text) =>
        SampanException.InvalidArgument($"invalid idmap '{text}': give uids=INSIDE-OUTSIDE-COUNT[#…];gids=INSIDE-OUTSIDE-COUNT[#…]");
}

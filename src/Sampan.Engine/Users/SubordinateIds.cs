using System.Globalization;
using System.Text;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Users;

/// <summary>The ids that a user's namespaces may have: /etc/subuid or /etc/subgid (subuid(5), subgid(5)).</summary>
internal sealed class SubordinateIds
{
    private const uint LeastFirst = 100_000;
    private const int LongestFile = 16 << 20;
    private readonly List<(string Owner, uint First, uint Count)> _lines = [];
    private readonly string _path;

    private SubordinateIds(string path) => _path = path;

    /// <summary>Those of users.</summary>
    public static SubordinateIds Users => Read("/etc/subuid");

    /// <summary>Those of groups.</summary>
    public static SubordinateIds Groups => Read("/etc/subgid");

    /// <summary>Whether somebody has any.</summary>
    /// <param name="name">A name or a number.</param>
    public bool Has(string name) => TryFind(name).Count > 0;

    /// <summary>Somebody's ranges, in the order of the file.</summary>
    /// <param name="name">A name or a number.</param>
    /// <param name="wanted">How many ids the line has that is missing.</param>
    /// <exception cref="SampanException">Unavailable: there are none.</exception>
    public IReadOnlyList<(uint First, uint Count)> Find(string name, uint wanted)
    {
        var ranges = TryFind(name);
        return ranges.Count > 0
            ? ranges
            : throw SampanException.Unavailable($"no sub{(_path.EndsWith("subuid", StringComparison.Ordinal) ? "uid" : "gid")} ranges found for user \"{name}\" in {_path}: {Advice(name, wanted)}");
    }

    /// <summary>The line that would give somebody more.</summary>
    public string Advice(string name, uint wanted)
    {
        var first = (ulong)LeastFirst;
        foreach (var line in _lines)
        {
            first = Math.Max(first, (ulong)line.First + line.Count);
        }

        return string.Create(CultureInfo.InvariantCulture, $"add the line \"{name}:{first}:{wanted}\" to {_path}");
    }

    private static SubordinateIds Read(string path)
    {
        var ids = new SubordinateIds(path);
        for (var reader = new ColonLines(FileTree.TryRead(path, LongestFile)); reader.MoveNext();)
        {
            if (TryNumber(reader.Field(1), out var first) && TryNumber(reader.Field(2), out var count) && count > 0 && first <= uint.MaxValue - count)
            {
                ids._lines.Add((Encoding.UTF8.GetString(reader.Field(0)), first, count));
            }
        }

        return ids;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    // A line names its owner by name or by number.
    private static bool IsSame(string owner, string name) => owner == name || (UserIdOf(name) is { } id && owner == id);

    private static string? UserIdOf(string name)
    {
        for (var reader = new ColonLines(FileTree.TryRead("/etc/passwd", LongestFile)); reader.MoveNext();)
        {
            var (login, id) = (Encoding.UTF8.GetString(reader.Field(0)), Encoding.ASCII.GetString(reader.Field(2)));
            if (login == name || id == name)
            {
                return login == name ? id : login;
            }
        }

        return null;
    }

    private List<(uint First, uint Count)> TryFind(string name)
    {
        List<(uint, uint)> ranges = [];
        foreach (var line in _lines)
        {
            if (IsSame(line.Owner, name))
            {
                ranges.Add((line.First, line.Count));
            }
        }

        return ranges;
    }
}

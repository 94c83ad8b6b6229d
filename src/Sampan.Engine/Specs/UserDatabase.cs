using System.Text;
using Sampan.Linux;

namespace Sampan.Engine.Specs;

/// <summary>The users and groups of a root filesystem: its /etc/passwd and /etc/group (passwd(5), group(5)).</summary>
/// <param name="passwd">Content of /etc/passwd; null when there is none.</param>
/// <param name="group">Content of /etc/group; null when there is none.</param>
public sealed class UserDatabase(byte[]? passwd, byte[]? group)
{
    /// <summary>A container may write these files; what is longer than any real one is not read.</summary>
    private const int MostBytes = 16 << 20;

    private const uint HighestId = int.MaxValue;

    private enum Numeric
    {
        No,
        Yes,
        OutOfRange,
    }

    /// <summary>Reads a root filesystem's database.</summary>
    /// <param name="root">The root filesystem.</param>
    /// <returns>The database; empty where the files are missing.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a file is too long or not a regular one.</exception>
    public static UserDatabase Read(RootView root) => new(root.TryRead("/etc/passwd", MostBytes), root.TryRead("/etc/group", MostBytes));

    /// <summary>The highest number of a user or group, nobody's left out.</summary>
    public uint HighestNumber => Math.Max(Highest(passwd), Highest(group));

    /// <summary>
    /// Resolves --user as docker does. Digits are a number, never a name: a user called "1000" in an image cannot become somebody else. A
    /// number needs no entry; a name does.
    /// </summary>
    /// <param name="user">user[:group], each a name or a number; empty is root.</param>
    /// <param name="added">--group-add, names or numbers.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such entry, or a number out of range.</exception>
    public UserIdentity Resolve(string user, IReadOnlyList<string>? added = null)
    {
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        var userPart = colon < 0 ? user : user[..colon];
        var groupPart = colon < 0 ? "" : user[(colon + 1)..];
        var entry = FindUser(userPart);
        var groups = new List<uint>();
        if (groupPart.Length > 0)
        {
            groups.Add(FindGroup(groupPart));
        }
        else
        {
            groups.Add(entry.Gid);
            AddMemberships(groups, entry.Name);
        }

        for (var index = 0; index < (added?.Count ?? 0); index++)
        {
            Add(groups, FindGroup(added![index]));
        }

        return new(entry.Uid, groups[0], groups, entry.Home);
    }

    private static uint Highest(byte[]? file)
    {
        var highest = 0u;
        for (var reader = new ColonLines(file); reader.MoveNext();)
        {
            if (!Equal(reader.Field(0), "nobody") && !Equal(reader.Field(0), "nogroup") && TryId(reader.Field(2), out var id))
            {
                highest = Math.Max(highest, id);
            }
        }

        return highest;
    }

    private Entry FindUser(string text)
    {
        var uid = 0u;
        var numeric = text.Length == 0 ? Numeric.Yes : ParseId(text, out uid);
        if (numeric == Numeric.OutOfRange)
        {
            throw OutOfRange(text);
        }

        for (var reader = new ColonLines(passwd); reader.MoveNext();)
        {
            var name = reader.Field(0);
            if (numeric == Numeric.No ? !Equal(name, text) : !IsId(reader.Field(2), uid))
            {
                continue;
            }

            if (TryId(reader.Field(2), out var entryUid) && TryId(reader.Field(3), out var gid))
            {
                var home = Encoding.UTF8.GetString(reader.Field(5));
                return new(Encoding.UTF8.GetString(name), entryUid, gid, home.StartsWith('/') ? home : "/");
            }
        }

        return numeric == Numeric.Yes
            ? new("", uid, 0, "/")
            : throw SampanException.InvalidArgument($"unable to find user {Shown(text)}: no matching entries in passwd file");
    }

    private uint FindGroup(string text)
    {
        var numeric = ParseId(text, out var gid);
        if (numeric == Numeric.OutOfRange)
        {
            throw OutOfRange(text);
        }

        if (numeric == Numeric.Yes)
        {
            return gid;
        }

        for (var reader = new ColonLines(group); reader.MoveNext();)
        {
            if (Equal(reader.Field(0), text) && TryId(reader.Field(2), out gid))
            {
                return gid;
            }
        }

        throw SampanException.InvalidArgument($"unable to find group {Shown(text)}: no matching entries in group file");
    }

    private void AddMemberships(List<uint> groups, string name)
    {
        if (name.Length == 0)
        {
            return;
        }

        for (var reader = new ColonLines(group); reader.MoveNext();)
        {
            var members = reader.Field(3);
            while (!members.IsEmpty)
            {
                var comma = members.IndexOf((byte)',');
                var member = comma < 0 ? members : members[..comma];
                members = comma < 0 ? default : members[(comma + 1)..];
                if (Equal(member, name) && TryId(reader.Field(2), out var gid))
                {
                    Add(groups, gid);
                }
            }
        }
    }

    private static void Add(List<uint> groups, uint gid)
    {
        if (!groups.Contains(gid))
        {
            groups.Add(gid);
        }
    }

    private static Numeric ParseId(string text, out uint id)
    {
        id = 0;
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return Numeric.No;
        }

        return digits.Length == text.Length && uint.TryParse(digits, out id) && id <= HighestId ? Numeric.Yes : Numeric.OutOfRange;
    }

    private static bool TryId(ReadOnlySpan<byte> field, out uint id)
    {
        id = 0;
        return !field.IsEmpty && !field.ContainsAnyExceptInRange((byte)'0', (byte)'9') && uint.TryParse(field, out id) && id <= HighestId;
    }

    private static bool IsId(ReadOnlySpan<byte> field, uint id) => TryId(field, out var other) && other == id;

    private static bool Equal(ReadOnlySpan<byte> field, string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length) && field.SequenceEqual(bytes[..length]);
    }

    private static string Shown(string text) => text.ReplaceLineEndings("\\n");

    private static SampanException OutOfRange(string text) =>
        SampanException.InvalidArgument($"uids and gids must be in range 0-{HighestId}: {text}");

    private readonly record struct Entry(string Name, uint Uid, uint Gid, string Home);
}

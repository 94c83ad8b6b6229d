using System.Globalization;
using System.Text;

namespace Sampan.Linux.Mounts;

/// <summary>A mount as /proc/PID/mountinfo shows it (proc_pid_mountinfo(5)).</summary>
public sealed record MountEntry
{
    /// <summary>Unique among the mounts there are (statx(2), STATX_MNT_ID); used again once a mount is gone.</summary>
    public required int Id { get; init; }

    /// <summary>Of the mount it is mounted on.</summary>
    public required int ParentId { get; init; }

    /// <summary>major:minor of the files in it.</summary>
    public required string Device { get; init; }

    /// <summary>Which part of the file system it shows.</summary>
    public required string Root { get; init; }

    /// <summary>Where, as seen from the process's root.</summary>
    public required string Path { get; init; }

    /// <summary>Options of this mount: rw, nosuid …</summary>
    public required string Options { get; init; }

    /// <summary>shared:N, master:N, propagate_from:N, unbindable; empty for a private mount.</summary>
    public required string Propagation { get; init; }

    /// <summary>Type of the file system.</summary>
    public required string FileSystem { get; init; }

    /// <summary>What the file system calls its source.</summary>
    public required string Source { get; init; }

    /// <summary>Options of the file system.</summary>
    public required string SuperOptions { get; init; }

    /// <summary>Reads all lines.</summary>
    /// <param name="text">Text of mountinfo.</param>
    /// <returns>The mounts, each after the one it is mounted on. Lines of another form are left out.</returns>
    public static IReadOnlyList<MountEntry> Parse(ReadOnlySpan<char> text)
    {
        List<MountEntry> entries = [];
        foreach (var range in text.Split('\n'))
        {
            if (TryParse(text[range].ToString()) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    private static MountEntry? TryParse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        if (dash < 6
            || fields.Length < dash + 4
            || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent))
        {
            return null;
        }

        return new()
        {
            Id = id,
            ParentId = parent,
            Device = fields[2],
            Root = Unescape(fields[3]),
            Path = Unescape(fields[4]),
            Options = fields[5],
            Propagation = string.Join(' ', fields, 6, dash - 6),
            FileSystem = Unescape(fields[dash + 1]),
            Source = Unescape(fields[dash + 2]),
            SuperOptions = Unescape(fields[dash + 3]),
        };
    }

    // Space, tab, newline, backslash and # are written as three octal digits, byte by byte (fs/proc_namespace.c, mangle).
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var plain = new StringBuilder(field.Length);
        for (var index = 0; index < field.Length; index++)
        {
            if (field[index] == '\\' && index + 3 < field.Length && IsOctal(field[index + 1]) && IsOctal(field[index + 2]) && IsOctal(field[index + 3]))
            {
                plain.Append((char)(((field[index + 1] - '0') * 64) + ((field[index + 2] - '0') * 8) + (field[index + 3] - '0')));
                index += 3;
            }
            else
            {
                plain.Append(field[index]);
            }
        }

        return plain.ToString();
    }

    private static bool IsOctal(char letter) => letter is >= '0' and <= '7';
}

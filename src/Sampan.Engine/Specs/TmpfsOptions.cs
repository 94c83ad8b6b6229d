using Sampan.Linux;

namespace Sampan.Engine.Specs;

/// <summary>Options of --tmpfs: docker's defaults, then what the user says (tmpfs(5)).</summary>
internal static class TmpfsOptions
{
    private static readonly (string Option, string Opposite)[] Pairs =
    [
        ("noexec", "exec"), ("nosuid", "suid"), ("nodev", "dev"), ("ro", "rw"), ("async", "sync"), ("atime", "noatime"),
        ("diratime", "nodiratime"), ("relatime", "strictatime"),
    ];

    private static readonly string[] Settings = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"];

    private static readonly string[] Propagations =
    [
        "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable", "defaults",
    ];

    /// <summary>Merges options; the last word on each matter counts.</summary>
    /// <param name="text">The user's, separated by commas.</param>
    /// <returns>Mount options.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an option tmpfs does not take.</exception>
    public static List<string> Merge(string text)
    {
        List<string> options = ["noexec", "nosuid", "nodev"];
        foreach (var option in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Set(options, option);
        }

        return options;
    }

    private static void Set(List<string> options, string option)
    {
        foreach (var (one, other) in Pairs)
        {
            if (option == one || option == other)
            {
                options.Remove(one);
                options.Remove(other);
                options.Add(option);
                return;
            }
        }

        var equals = option.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && Array.IndexOf(Settings, option[..equals]) >= 0)
        {
            options.RemoveAll(known => known.StartsWith(option[..(equals + 1)], StringComparison.Ordinal));
            options.Add(option);
        }
        else if (Array.IndexOf(Propagations, option) >= 0)
        {
            options.Add(option);
        }
        else
        {
            throw SampanException.InvalidArgument($"Invalid tmpfs option \"{option}\"");
        }
    }
}

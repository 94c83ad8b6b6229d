using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A resource limit: <c>nofile=1024:2048</c>, <c>core=-1</c> (getrlimit(2)).</summary>
internal static class UlimitArgument
{
    /// <summary>Reads a limit.</summary>
    /// <param name="text">name=soft[:hard]; -1 is unlimited.</param>
    /// <returns>The limit; hard is soft when it is not given.</returns>
    /// <exception cref="ValueException">Another form, an unknown name, or soft above hard.</exception>
    public static Ulimit Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new ValueException($"invalid ulimit argument: {text}");
        }

        var name = text[..equals];
        if (!IsKnown(name))
        {
            throw new ValueException($"invalid ulimit type: {name}");
        }

        var limits = text[(equals + 1)..];
        var colon = limits.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && limits.IndexOf(':', colon + 1) >= 0)
        {
            throw new ValueException($"too many limit value arguments - {limits}, can only have up to two, `soft[:hard]`");
        }

        var soft = Integer.Parse(colon < 0 ? limits : limits[..colon]);
        var hard = colon < 0 ? soft : Integer.Parse(limits[(colon + 1)..]);
        if (hard != -1 && (soft == -1 || soft > hard))
        {
            throw new ValueException($"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}");
        }

        return new() { Name = name, Soft = soft, Hard = hard };
    }

    private static bool IsKnown(string name) => name is "core" or "cpu" or "data" or "fsize" or "locks" or "memlock" or "msgqueue" or "nice"
        or "nofile" or "nproc" or "rss" or "rtprio" or "rttime" or "sigpending" or "stack";
}

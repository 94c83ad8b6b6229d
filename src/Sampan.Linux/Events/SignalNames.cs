using System.Globalization;

namespace Sampan.Linux.Events;

/// <summary>Signals as images and users write them (signal(7)); the numbers are those of x86-64 and AArch64.</summary>
public static class SignalNames
{
    private const int RealTimeMinimum = 34;
    private const int Maximum = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The name of a signal.</summary>
    /// <param name="signal">Its number.</param>
    /// <returns>SIGTERM and the like; SIGRTMIN+n for realtime ones.</returns>
    public static string Format(int signal) => signal > 0 && signal < Names.Length
        ? "SIG" + Names[signal]
        : string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{signal - RealTimeMinimum}");

    /// <summary>Finds a signal.</summary>
    /// <param name="text">Name in any case, with or without SIG, SIGRTMIN+n, SIGRTMAX-n, or a number.</param>
    /// <returns>Its number; null when there is none.</returns>
    public static int? TryParse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= Maximum ? number : null;
        }

        var name = text.AsSpan();
        name = name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        for (var signal = 1; signal < Names.Length; signal++)
        {
            if (name.Equals(Names[signal], StringComparison.OrdinalIgnoreCase))
            {
                return signal;
            }
        }

        return name switch
        {
            _ when name.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase) => RealTime(name[5..], RealTimeMinimum, '+', 1),
            _ when name.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase) => RealTime(name[5..], Maximum, '-', -1),
            _ => null,
        };
    }

    private static int? RealTime(ReadOnlySpan<char> offset, int from, char sign, int direction)
    {
        if (offset.IsEmpty)
        {
            return from;
        }

        return offset[0] == sign && int.TryParse(offset[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var distance)
            && distance <= Maximum - RealTimeMinimum
            ? from + (direction * distance)
            : null;
    }
}

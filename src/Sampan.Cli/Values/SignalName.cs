using System.Globalization;
using Sampan.Linux;

namespace Sampan.Cli.Values;

/// <summary>Signals by name or number: "KILL", "SIGTERM", "15", "SIGRTMIN+3" (signal(7)). The numbers are those of x86-64 and AArch64.</summary>
internal static class SignalName
{
    private const int RealTimeFirst = 34;
    private const int RealTimeLast = 64;

    /// <summary>Reads a signal.</summary>
    /// <param name="text">Name in any case, with or without SIG, or number.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: there is no such signal.</exception>
    public static int Parse(string text) => TryParse(text) ?? throw SampanException.InvalidArgument($"invalid signal: {text}");

    /// <summary>Checks a signal and leaves it as written.</summary>
    /// <param name="text">Name or number.</param>
    /// <returns>The same text.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: there is no such signal.</exception>
    public static string Check(string text)
    {
        _ = Parse(text);
        return text;
    }

    private static int? TryParse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= RealTimeLast ? number : null;
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        return name switch
        {
            "HUP" => 1,
            "INT" => 2,
            "QUIT" => 3,
            "ILL" => 4,
            "TRAP" => 5,
            "ABRT" or "IOT" => 6,
            "BUS" => 7,
            "FPE" => 8,
            "KILL" => 9,
            "USR1" => 10,
            "SEGV" => 11,
            "USR2" => 12,
            "PIPE" => 13,
            "ALRM" => 14,
            "TERM" => 15,
            "STKFLT" => 16,
            "CHLD" or "CLD" => 17,
            "CONT" => 18,
            "STOP" => 19,
            "TSTP" => 20,
            "TTIN" => 21,
            "TTOU" => 22,
            "URG" => 23,
            "XCPU" => 24,
            "XFSZ" => 25,
            "VTALRM" => 26,
            "PROF" => 27,
            "WINCH" => 28,
            "IO" or "POLL" => 29,
            "PWR" => 30,
            "SYS" => 31,
            "RTMIN" => RealTimeFirst,
            "RTMAX" => RealTimeLast,
            _ => RealTime(name),
        };
    }

    private static int? RealTime(string name)
    {
        if (name.Length < 7 || !int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) || offset > RealTimeLast - RealTimeFirst)
        {
            return null;
        }

        return name[..6] switch
        {
            "RTMIN+" => RealTimeFirst + offset,
            "RTMAX-" => RealTimeLast - offset,
            _ => null,
        };
    }
}

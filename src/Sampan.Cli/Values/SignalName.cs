using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Cli.Values;

/// <summary>Signals by name or number: "KILL", "SIGTERM", "15", "SIGRTMIN+3" (signal(7)).</summary>
internal static class SignalName
{
    /// <summary>Reads a signal.</summary>
    /// <param name="text">Name in any case, with or without SIG, or number.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: there is no such signal.</exception>
    public static int Parse(string text) => SignalNames.TryParse(text) ?? throw SampanException.InvalidArgument($"invalid signal: {text}");

    /// <summary>Checks a signal and leaves it as written.</summary>
    /// <param name="text">Name or number.</param>
    /// <returns>The same text.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: there is no such signal.</exception>
    public static string Check(string text)
    {
        _ = Parse(text);
        return text;
    }
}

using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A stream of --attach.</summary>
internal static class AttachArgument
{
    /// <summary>Checks a stream's name.</summary>
    /// <param name="text">stdin, stdout or stderr, in any case.</param>
    /// <returns>The name in lower case.</returns>
    /// <exception cref="ValueException">Another word.</exception>
    public static string Check(string text)
    {
        var name = text.ToLowerInvariant();
        return name is "stdin" or "stdout" or "stderr" ? name : throw new ValueException("valid streams are STDIN, STDOUT and STDERR");
    }
}

using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>One environment variable given with -e.</summary>
internal static class EnvironmentArgument
{
    /// <summary>
    /// Checks NAME=value, and gives NAME alone the caller's value. A name the caller does not have either stays alone, which takes the
    /// image's variable of that name away.
    /// </summary>
    /// <param name="text">NAME or NAME=value.</param>
    /// <returns>What the container gets.</returns>
    /// <exception cref="ValueException">No name.</exception>
    public static string Resolve(string text)
    {
        if (text.Length == 0 || text[0] == '=')
        {
            throw new ValueException($"invalid environment variable: {text}");
        }

        return text.Contains('=', StringComparison.Ordinal) || Environment.GetEnvironmentVariable(text) is not { } value ? text : $"{text}={value}";
    }
}

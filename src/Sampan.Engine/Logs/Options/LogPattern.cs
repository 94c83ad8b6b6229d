using System.Text.RegularExpressions;
using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Regular expressions of --log-opt labels-regex and env-regex: matched without going back, as Go's are, so that none takes for ever.</summary>
internal static class LogPattern
{
    /// <param name="option">The option's name, for the error.</param>
    /// <param name="pattern">The expression; it may match anywhere in a name.</param>
    /// <exception cref="SampanException">InvalidArgument: not one.</exception>
    public static Regex Parse(string option, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw SampanException.InvalidArgument($"invalid {option} \"{pattern}\": {exception.Message.Split('\n')[0].TrimEnd('.')}");
        }
    }
}

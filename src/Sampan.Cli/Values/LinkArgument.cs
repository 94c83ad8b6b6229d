using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Values;

/// <summary>The value of --link.</summary>
internal static class LinkArgument
{
    /// <summary>Checks it.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same.</returns>
    /// <exception cref="ValueException">Malformed, in docker's words.</exception>
    public static string Check(string text)
    {
        try
        {
            _ = LinkText.Parse(text);
            return text;
        }
        catch (SampanException problem)
        {
            throw new ValueException(problem.Message);
        }
    }
}

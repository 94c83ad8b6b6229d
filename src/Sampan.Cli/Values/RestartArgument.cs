using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Values;

/// <summary>A restart policy (--restart): no, always, unless-stopped, on-failure[:retries]. Which there are the engine knows.</summary>
internal static class RestartArgument
{
    /// <summary>Reads a policy.</summary>
    /// <param name="text">name, or name:retries.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: malformed, in docker's words.</exception>
    public static RestartPolicy Parse(string text)
    {
        if (text.Length == 0)
        {
            return new();
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon == 0)
        {
            throw SampanException.InvalidArgument("invalid restart policy format: no policy provided before colon");
        }

        return colon < 0 || colon == text.Length - 1
            ? new() { Name = colon < 0 ? text : text[..colon] }
            : new() { Name = text[..colon], MaximumRetryCount = Retries(text[(colon + 1)..]) };
    }

    private static int Retries(string text)
    {
        try
        {
            return Integer.Parse32(text);
        }
        catch (ValueException)
        {
            throw SampanException.InvalidArgument("invalid restart policy format: maximum retry count must be an integer");
        }
    }
}

using Sampan.Linux;

namespace Sampan.Runtime.Checkpoints;

/// <summary>What the user reads when criu refuses: runc's first words, criu's reason, and where there is more.</summary>
internal static class CriuFailure
{
    /// <summary>Asks criu and turns a refusal into an error.</summary>
    /// <param name="type">For what.</param>
    /// <param name="log">Where criu writes.</param>
    /// <param name="ask">Asks.</param>
    /// <returns>The answer, a success.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: criu refuses, or has ended.</exception>
    public static CriuResponse Explain(CriuRequestType type, CriuLog log, Func<CriuResponse> ask)
    {
        CriuResponse response;
        try
        {
            response = ask();
        }
        catch (SampanException error) when (error.Kind == ErrorKind.Unavailable)
        {
            // It may have been criu that ended: then its log has the rest.
            throw log.Reason() is { Length: > 0 } more ? new SampanException(error.Kind, $"{error.Message}; {more}; log file: {log.Path}", error) : error;
        }

        if (response.Success)
        {
            return response;
        }

        var reason = log.Reason();
        if (reason.Length == 0)
        {
            reason = response.Message?.Trim() ?? "it does not say why";
        }

        var errno = response.Errno == 0 ? "" : $" ({ErrnoText.Describe((Errno)response.Errno)})";
        throw SampanException.Unavailable($"criu failed: type {Word(type)} errno {response.Errno}{errno}: {reason}; log file: {log.Path}");
    }

    private static string Word(CriuRequestType type) => type switch
    {
        CriuRequestType.Dump => "DUMP",
        CriuRequestType.PreDump => "PRE_DUMP",
        CriuRequestType.Restore => "RESTORE",
        _ => type.ToString(),
    };
}

namespace Sampan.Linux;

/// <summary>An error for the user: one line, lower case, naming the object and the way out.</summary>
/// <param name="kind">The class of the error.</param>
/// <param name="message">The line. Docker's words where scripts match on them.</param>
/// <param name="inner">What caused it, when something did.</param>
public sealed class SampanException(ErrorKind kind, string message, Exception? inner = null) : Exception(OneLine.Of(message), inner)
{
    /// <summary>The class of the error.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>The named object does not exist.</summary>
    /// <param name="message">One line naming the object.</param>
    /// <returns>The exception to throw.</returns>
    public static SampanException NotFound(string message) => new(ErrorKind.NotFound, message);

    /// <summary>The object's state forbids it, or the name is taken.</summary>
    /// <inheritdoc cref="NotFound"/>
    public static SampanException Conflict(string message) => new(ErrorKind.Conflict, message);

    /// <summary>The caller's words are wrong.</summary>
    /// <inheritdoc cref="NotFound"/>
    public static SampanException InvalidArgument(string message) => new(ErrorKind.InvalidArgument, message);

    /// <summary>The host lacks what is needed.</summary>
    /// <inheritdoc cref="NotFound"/>
    public static SampanException Unavailable(string message) => new(ErrorKind.Unavailable, message);
}

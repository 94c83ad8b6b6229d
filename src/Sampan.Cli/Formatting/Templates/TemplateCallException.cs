namespace Sampan.Cli.Formatting.Templates;

/// <summary>A function in a template was called wrongly; the evaluator adds where.</summary>
/// <param name="message">The reason, in Go's words.</param>
internal sealed class TemplateCallException(string message) : Exception(message)
{
    /// <summary>The call itself is wrong, so that the function was not called at all.</summary>
    public bool IsBeforeCall { get; init; }

    /// <summary>The argument that is of a wrong kind, counted from 0.</summary>
    public int? Argument { get; init; }

    /// <summary>What that argument should have been, in Go's word.</summary>
    public string Wanted { get; init; } = "";
}

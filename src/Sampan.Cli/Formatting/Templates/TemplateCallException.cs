namespace Sampan.Cli.Formatting.Templates;

/// <summary>A function in a template was called wrongly; the template adds where.</summary>
/// <param name="message">The reason, in Go's words.</param>
internal sealed class TemplateCallException(string message) : Exception(message);

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Values in order.</summary>
/// <param name="Items">string, long, double, bool, null, <see cref="TemplateList"/> or <see cref="TemplateMap"/>.</param>
internal sealed record TemplateList(IReadOnlyList<object?> Items)
{
    /// <summary>A list of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <returns>The list.</returns>
    public static TemplateList Of(IReadOnlyList<string> texts) => new(texts);
}

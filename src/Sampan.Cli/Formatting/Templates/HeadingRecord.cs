namespace Sampan.Cli.Formatting.Templates;

/// <summary>The headings of a table by field.</summary>
/// <typeparam name="T">What a row shows.</typeparam>
/// <param name="columns">The fields.</param>
internal sealed class HeadingRecord<T>(IReadOnlyList<Column<T>> columns) : TemplateMap
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys => [.. columns.Select(static column => column.Name)];

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        value = null;
        foreach (var column in columns)
        {
            value = column.Name == name ? column.Heading : value;
        }

        return value is not null;
    }

    /// <inheritdoc/>
    public override object? Missing(string name) => TemplateValue.Absent;

    /// <inheritdoc/>
    public override bool TryCall(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        // Docker's heading of a label: what follows the last dot, "-" and "_" being blanks.
        var label = arguments is [string text] ? text : null;
        value = label?[(label.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ');
        return name == "Label" && label is not null;
    }
}

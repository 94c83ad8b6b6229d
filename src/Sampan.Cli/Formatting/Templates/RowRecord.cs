namespace Sampan.Cli.Formatting.Templates;

/// <summary>A row of a list as a template sees it: its fields are worked out when they are asked for.</summary>
/// <typeparam name="T">What a row shows.</typeparam>
/// <param name="columns">The fields, sorted by name.</param>
/// <param name="row">The row.</param>
/// <param name="labels">Its labels, for {{.Label "name"}}; null where rows have none.</param>
/// <param name="typeName">Name of the row's type in errors.</param>
internal sealed class RowRecord<T>(IReadOnlyList<Column<T>> columns, T row, Func<T, IReadOnlyDictionary<string, string>?>? labels, string typeName) : TemplateMap
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys => [.. columns.Select(static column => column.Name)];

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        foreach (var column in columns)
        {
            if (column.Name == name)
            {
                value = column.Text(row);
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <inheritdoc/>
    public override object? Missing(string name) => throw new TemplateCallException($"can't evaluate field {name} in type {typeName}");

    /// <inheritdoc/>
    public override bool TryCall(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = null;
        if (name != "Label" || labels is null)
        {
            return false;
        }

        if (arguments is not [string label])
        {
            throw new TemplateCallException(
                arguments.Count == 1
                    ? $"wrong type for value; expected string; got {TemplateValue.TypeName(arguments[0])}"
                    : $"wrong number of args for Label: want 1 got {arguments.Count}");
        }

        value = labels(row)?.GetValueOrDefault(label) ?? "";
        return true;
    }
}

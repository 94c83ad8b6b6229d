using System.Text.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>A map that is null in docker's documents: for a template it is an empty one, in JSON it is null.</summary>
internal sealed class NoMap : TemplateMap
{
    private NoMap()
    {
    }

    /// <summary>The only one.</summary>
    public static NoMap Instance { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys => [];

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        value = null;
        return false;
    }

    /// <inheritdoc/>
    public override object? Missing(string name) => TemplateValue.Absent;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => writer.WriteNullValue();
}

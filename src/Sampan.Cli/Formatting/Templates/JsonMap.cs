using System.Text.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>An object of a JSON document.</summary>
/// <param name="element">The object.</param>
/// <param name="name">The name it has in the object around it; empty for the document itself.</param>
/// <param name="around">The name of the object around it.</param>
internal sealed class JsonMap(JsonElement element, string name, string around) : TemplateMap
{
    private IReadOnlyList<string>? _keys;

    // In docker's documents these hold what a user named: a name that is not there is no mistake. All others are records.
    private bool IsOpen => IsMap(name) || name == "OnBuild" || (name == "Config" && around == "LogConfig");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keys
    {
        get
        {
            if (_keys is null)
            {
                var keys = new List<string>();
                foreach (var member in element.EnumerateObject())
                {
                    keys.Add(member.Name);
                }

                keys.Sort(StringComparer.Ordinal);
                _keys = keys;
            }

            return _keys;
        }
    }

    /// <inheritdoc/>
    public override object? Zero => name is "Volumes" or "Ports" or "PortBindings" or "Networks" or "ExposedPorts" ? null : "";

    /// <inheritdoc/>
    public override bool TryGet(string key, out object? value)
    {
        var found = element.TryGetProperty(key, out var member);
        value = !found ? null : member.ValueKind == JsonValueKind.Null && IsMap(key) ? NoMap.Instance : TemplateValue.From(member, key, name);
        return found;
    }

    private static bool IsMap(string name) => name is "Labels" or "Options" or "Volumes" or "Ports" or "PortBindings" or "Networks" or "ExposedPorts" or "Sysctls" or "Tmpfs"
        or "Annotations" or "StorageOpt" or "DriverOpts" or "Data";

    /// <inheritdoc/>
    public override object? Missing(string key) =>
        IsOpen ? TemplateValue.Absent : throw new TemplateCallException($"map has no entry for key {Quotation.Of(key)}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => element.WriteTo(writer);
}

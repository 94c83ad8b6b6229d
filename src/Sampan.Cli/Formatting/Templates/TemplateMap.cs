using System.Text.Json;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Values by name: an object of a document, or a row of a list.</summary>
internal abstract class TemplateMap
{
    /// <summary>The names, sorted as Go sorts them: by byte.</summary>
    public abstract IReadOnlyList<string> Keys { get; }

    /// <summary>A value by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value: string, long, double, bool, null, a <see cref="TemplateList"/> or a <see cref="TemplateMap"/>.</param>
    /// <returns>False when there is no such name.</returns>
    public abstract bool TryGet(string name, out object? value);

    /// <summary>What {{.Name}} is where there is no such name: a value, or an error in Go's words.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="TemplateCallException">The name must be there.</exception>
    public abstract object? Missing(string name);

    /// <summary>What "index" is where there is no such name.</summary>
    public virtual object? Zero => "";

    /// <summary>Calls a method, such as {{.Label "name"}} of a row.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="value">What it returns.</param>
    /// <returns>False when there is no such method.</returns>
    /// <exception cref="TemplateCallException">It was called wrongly.</exception>
    public virtual bool TryCall(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = null;
        return false;
    }

    /// <summary>Writes it as JSON.</summary>
    /// <param name="writer">Where to.</param>
    public virtual void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var key in Keys)
        {
            TryGet(key, out var value);
            writer.WritePropertyName(key);
            TemplateJson.Write(writer, value);
        }

        writer.WriteEndObject();
    }
}

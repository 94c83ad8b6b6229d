namespace Sampan.Json;

/// <summary>Asks the generator for the JSON of a type, and of all the types it is made of.</summary>
/// <param name="type">A record of scalars, records, lists of them and maps from strings to them; or such a list or map.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class JsonFormatAttribute(Type type) : Attribute
{
    /// <summary>The type.</summary>
    public Type Type { get; } = type;

    /// <summary>Name of the property; that of the type when it is not given.</summary>
    public string? Name { get; init; }
}

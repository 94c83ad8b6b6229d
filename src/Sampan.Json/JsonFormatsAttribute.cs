namespace Sampan.Json;

/// <summary>
/// Marks a static partial class that holds the JSON of a family of records: the generator gives it one property of type
/// <see cref="JsonFormat{T}"/> for each <see cref="JsonFormatAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class JsonFormatsAttribute : Attribute
{
    /// <summary>Names in the document are those of the properties with the first letters small; else just those of the properties.</summary>
    public bool CamelCase { get; init; }

    /// <summary>What is null is left out of what is written; else it is written as null.</summary>
    public bool OmitNull { get; init; }

    /// <summary>Names of a document that is read may be spelt with capital or small letters, as Go's reader takes them.</summary>
    public bool IgnoreCase { get; init; }
}

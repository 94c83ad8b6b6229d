using System.Text.Json.Serialization;

namespace Sampan.Oci.Runtime;

/// <summary>Source-generated JSON of the runtime documents: camelCase, absent rather than null.
/// A property with a default has a setter: for one that is init-only the generated reader passes default(T) when the document lacks it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(RuntimeResources))]
public sealed partial class RuntimeJson : JsonSerializerContext;

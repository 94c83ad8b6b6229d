using System.Text.Json.Serialization;

namespace Sampan.Oci.Runtime;

/// <summary>Source-generated JSON of the runtime documents: camelCase, absent rather than null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
public sealed partial class RuntimeJson : JsonSerializerContext;

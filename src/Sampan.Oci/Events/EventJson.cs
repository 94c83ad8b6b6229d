using System.Text.Json.Serialization;

namespace Sampan.Oci.Events;

/// <summary>Source-generated JSON of events: camelCase, absent rather than null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerEvent))]
public sealed partial class EventJson : JsonSerializerContext;

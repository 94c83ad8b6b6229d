using System.Text.Json.Serialization;
using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Volumes;

namespace Sampan.Engine;

/// <summary>Source-generated JSON of the engine's records and of the words between a command and a monitor: PascalCase as docker's, absent rather than null.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(MonitorRequest))]
[JsonSerializable(typeof(MonitorError))]
public sealed partial class EngineJson : JsonSerializerContext;

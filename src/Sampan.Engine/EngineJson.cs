using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Engine.Volumes;
using Sampan.Json;

namespace Sampan.Engine;

/// <summary>JSON of the engine's records and of the words between a command and a monitor: PascalCase as docker's, absent rather than null.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(ContainerHealth))]
[JsonFormat(typeof(ContainerRecord))]
[JsonFormat(typeof(VolumeRecord))]
[JsonFormat(typeof(NetworkRecord))]
[JsonFormat(typeof(NetworkState))]
[JsonFormat(typeof(MonitorRequest))]
[JsonFormat(typeof(MonitorError))]
[JsonFormat(typeof(StopPromise))]
[JsonFormat(typeof(PendingChange))]
public static partial class EngineJson;

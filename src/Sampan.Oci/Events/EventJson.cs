using Sampan.Json;

namespace Sampan.Oci.Events;

/// <summary>JSON of events: camelCase, absent rather than null.</summary>
[JsonFormats(CamelCase = true, OmitNull = true)]
[JsonFormat(typeof(ContainerEvent))]
[JsonFormat(typeof(ContainerStatistics))]
public static partial class EventJson;

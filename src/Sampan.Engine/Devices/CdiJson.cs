using Sampan.Json;

namespace Sampan.Engine.Devices;

/// <summary>JSON of the Container Device Interface.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(CdiFile))]
internal static partial class CdiJson;

using Sampan.Json;

namespace Sampan.Oci.Runtime;

/// <summary>JSON of the runtime documents: camelCase, absent rather than null.</summary>
[JsonFormats(CamelCase = true, OmitNull = true)]
[JsonFormat(typeof(RuntimeSpec))]
[JsonFormat(typeof(RuntimeProcess))]
[JsonFormat(typeof(RuntimeResources))]
[JsonFormat(typeof(RuntimeSeccomp))]
public static partial class RuntimeJson;

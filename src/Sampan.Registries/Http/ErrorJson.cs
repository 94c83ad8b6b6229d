using Sampan.Json;

namespace Sampan.Registries.Http;

/// <summary>JSON of errors.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(ErrorDocument))]
internal static partial class ErrorJson;

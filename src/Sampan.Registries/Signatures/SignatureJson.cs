using Sampan.Json;

namespace Sampan.Registries.Signatures;

/// <summary>JSON of signatures.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(SimpleSigning))]
internal static partial class SignatureJson;

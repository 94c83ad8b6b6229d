using Sampan.Json;

namespace Sampan.Registries.Tokens;

/// <summary>JSON of token servers.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(TokenDocument))]
internal static partial class TokenJson;

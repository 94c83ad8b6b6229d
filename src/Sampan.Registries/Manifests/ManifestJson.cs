using Sampan.Json;

namespace Sampan.Registries.Manifests;

/// <summary>JSON of what registries list.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(ManifestDocument))]
[JsonFormat(typeof(TagList))]
internal static partial class ManifestJson;

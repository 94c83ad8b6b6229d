using Sampan.Json;

namespace Sampan.Registries.Searching;

/// <summary>JSON of searches.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(SearchDocument))]
[JsonFormat(typeof(CatalogDocument))]
internal static partial class SearchJson;

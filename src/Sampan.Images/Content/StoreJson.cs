using Sampan.Json;

namespace Sampan.Images.Content;

/// <summary>JSON of the store's own notes.</summary>
[JsonFormats]
[JsonFormat(typeof(LayerNote))]
internal static partial class StoreJson;

using System.Text.Json.Serialization;

namespace Sampan.Images.Content;

/// <summary>Source-generated JSON of the store's own notes.</summary>
[JsonSerializable(typeof(LayerNote))]
internal sealed partial class StoreJson : JsonSerializerContext;

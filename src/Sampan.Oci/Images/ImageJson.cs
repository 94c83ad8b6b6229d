using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>Source-generated JSON of the image documents; absent rather than null.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImageIndex))]
[JsonSerializable(typeof(ImageManifest))]
[JsonSerializable(typeof(ImageDocument))]
[JsonSerializable(typeof(ImageLayout))]
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveItem>))]
public sealed partial class ImageJson : JsonSerializerContext;

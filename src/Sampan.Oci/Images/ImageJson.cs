using Sampan.Json;

namespace Sampan.Oci.Images;

/// <summary>JSON of the image documents; absent rather than null.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(Descriptor))]
[JsonFormat(typeof(ImageIndex))]
[JsonFormat(typeof(ImageManifest))]
[JsonFormat(typeof(ImageDocument))]
[JsonFormat(typeof(ImageLayout))]
[JsonFormat(typeof(IReadOnlyList<DockerArchiveItem>), Name = "DockerArchiveItems")]
public static partial class ImageJson;

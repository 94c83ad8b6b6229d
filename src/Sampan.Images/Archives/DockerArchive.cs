using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images.Archives;

/// <summary>Reads what docker save wrote before version 25, and skopeo's and podman's docker-archive.</summary>
internal static class DockerArchive
{
    public const string ManifestName = "manifest.json";

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: damaged or hostile.</exception>
    public static IReadOnlyList<Publication> Load(ArchiveFiles files, StoreWriter writer, PlatformFilter? platform)
    {
        List<Publication> images = [];
        var items = DocumentReader.Parse(files.Read(files.Find(ManifestName)), ManifestName, ImageJson.DockerArchiveItems);
        foreach (var item in items)
        {
            var entry = LoadImage(files, writer, item, platform);
            if (item.RepoTags is not { Count: > 0 })
            {
                images.Add(new(null, entry));
            }

            foreach (var tag in item.RepoTags ?? [])
            {
                images.Add(new(ImageStore.ParseTag(tag), entry));
            }
        }

        return images.Count > 0 ? images : throw SampanException.InvalidArgument($"invalid image archive: {ManifestName} names no image");
    }

    private static Descriptor LoadImage(ArchiveFiles files, StoreWriter writer, DockerArchiveItem item, PlatformFilter? platform)
    {
        var config = files.Find(item.Config);
        writer.Adopt(config);
        var document = DocumentReader.Parse(files.Read(config), item.Config!, ImageJson.ImageDocument);
        platform?.Require(document, item.RepoTags is [var first, ..] ? first : config.Digest.Value);
        var diffIds = document.RootFileSystem?.DiffIds ?? [];
        var paths = item.Layers ?? [];
        if (paths.Count != diffIds.Count)
        {
            throw SampanException.InvalidArgument($"invalid image archive: {item.Config} names {diffIds.Count} layers and {ManifestName} {paths.Count}");
        }

        LayerChain.RequireDepth(paths.Count);
        var layers = new Descriptor[paths.Count];
        var content = new (Digest Blob, Digest DiffId)[paths.Count];
        for (var index = 0; index < layers.Length; index++)
        {
            var blob = files.Find(paths[index]);
            writer.Adopt(blob);
            content[index] = (blob.Digest, Digest.Parse(diffIds[index]));
            layers[index] = new() { MediaType = MediaTypeOf(writer, blob), Digest = blob.Digest.Value, Size = blob.Size };
        }

        writer.RequireLayers(content);
        var manifest = new ImageManifest
        {
            MediaType = MediaTypes.Manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = config.Digest.Value, Size = config.Size },
            Layers = layers,
        };
        var staged = writer.Add(ImageJson.ImageManifest.ToBytes(manifest));
        return ImageStore.Entry(staged.Digest, staged.Size, MediaTypes.Manifest, config.Digest, document);
    }

    private static string MediaTypeOf(StoreWriter writer, StagedBlob blob)
    {
        using var file = writer.Open(blob);
        using var source = new SourceStream(new DescriptorStream(file));
        return Decompression.LayerMediaType(source);
    }
}

using Sampan.Images.Content;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Archives;

/// <summary>Writes image archives, the same bytes for the same images: blobs in the order of their digests, no times.</summary>
internal sealed class ArchiveSaver(BlobStore blobs, Stream output)
{
    private const int FileMode = 0x1a4;
    private const int DirectoryMode = 0x1ed;

    /// <exception cref="SampanException">A blob is missing; what was written is no archive then.</exception>
    public void Save(IReadOnlyList<SavedImage> images, ArchiveFormat format)
    {
        var digests = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            digests.Add(Digest.Parse(image.Entry.Digest).Value);
            digests.Add(Digest.Parse(image.Manifest.Config?.Digest).Value);
            foreach (var layer in image.Manifest.Layers ?? [])
            {
                digests.Add(Digest.Parse(layer.Digest).Value);
            }
        }

        var writer = new TarWriter(new BufferedStream(output, 128 << 10));
        WriteDirectory(writer, "blobs/");
        WriteDirectory(writer, "blobs/sha256/");
        foreach (var digest in digests)
        {
            WriteBlob(writer, Digest.Parse(digest));
        }

        WriteFile(writer, LayoutArchive.IndexName, ImageJson.ImageIndex.ToBytes(Index(images)));
        if (format == ArchiveFormat.Docker)
        {
            WriteFile(writer, DockerArchive.ManifestName, ImageJson.DockerArchiveItems.ToBytes(Items(images)));
        }

        WriteFile(writer, LayoutArchive.LayoutName, "{\"imageLayoutVersion\":\"1.0.0\"}"u8);
        writer.Finish();
    }

    private static ImageIndex Index(IReadOnlyList<SavedImage> images)
    {
        List<Descriptor> manifests = [];
        foreach (var image in images)
        {
            if (image.References.Count == 0)
            {
                manifests.Add(image.Entry with { Annotations = null });
            }

            foreach (var reference in image.References)
            {
                manifests.Add(image.Entry with
                {
                    Annotations = new(StringComparer.Ordinal)
                    {
                        [AnnotationKeys.ContainerdName] = reference,
                        [AnnotationKeys.ReferenceName] = ImageReference.Parse(reference).Tag ?? "latest",
                    },
                });
            }
        }

        return new() { MediaType = MediaTypes.Index, Manifests = manifests };
    }

    private static DockerArchiveItem[] Items(IReadOnlyList<SavedImage> images)
    {
        var items = new DockerArchiveItem[images.Count];
        for (var index = 0; index < items.Length; index++)
        {
            var image = images[index];
            items[index] = new()
            {
                Config = PathOf(image.Manifest.Config!),
                RepoTags = image.References.ConvertAll(reference => ImageReference.Parse(reference).Familiar),
                Layers = [.. (image.Manifest.Layers ?? []).Select(PathOf)],
            };
        }

        return items;
    }

    private static string PathOf(Descriptor descriptor) => "blobs/sha256/" + Digest.Parse(descriptor.Digest).Hex;

    private static void WriteDirectory(TarWriter writer, string name) =>
        writer.WriteHeader(new() { Name = name, Type = TarEntryType.Directory, Permissions = DirectoryMode });

    private static void WriteFile(TarWriter writer, string name, ReadOnlySpan<byte> content)
    {
        writer.WriteHeader(new() { Name = name, Type = TarEntryType.Regular, Permissions = FileMode, Size = content.Length, StoredSize = content.Length });
        writer.Write(content);
    }

    private void WriteBlob(TarWriter writer, Digest digest)
    {
        using var blob = blobs.Open(digest, "save");
        var size = blob.Status().Size;
        writer.WriteHeader(new() { Name = "blobs/sha256/" + digest.Hex, Type = TarEntryType.Regular, Permissions = FileMode, Size = size, StoredSize = size });
        var buffer = new byte[128 << 10];
        for (var count = blob.Read(buffer); count > 0; count = blob.Read(buffer))
        {
            writer.Write(buffer.AsSpan(0, count));
        }
    }
}

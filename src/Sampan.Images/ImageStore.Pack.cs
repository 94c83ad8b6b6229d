using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    private const int PackBufferSize = 128 << 10;

    /// <summary>
    /// Packs layers that nobody has packed, as docker does when it pushes: gzip, on all processors. The image keeps its id and its names; its
    /// manifest is another, and the plain blobs go. What a registry has stays as it is there, so that the very bytes are pushed on.
    /// </summary>
    /// <param name="image">Its name or id.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: no such image; <see cref="ErrorKind.Internal"/>: a blob is missing or damaged;
    /// <see cref="ErrorKind.Unavailable"/>: the disk is full.</exception>
    /// <exception cref="LinuxException">The kernel refused. The image is as it was.</exception>
    public void Pack(string image)
    {
        if (!IsToBePacked(image))
        {
            return;
        }

        var isPacked = WithRoomOnDisk(() =>
        {
            using var writer = new StoreWriter(_paths, _durable);

            // Looked up once more: nothing is collected from here on.
            var entry = ImageLookup.Find(_index.Read(), image) ?? throw NoSuchImage(image);
            var manifest = ManifestOf(entry);
            var layers = new List<Descriptor>(manifest.Layers?.Count ?? 0);
            foreach (var layer in manifest.Layers ?? [])
            {
                layers.Add(PackedType(layer.MediaType) is { } type ? PackLayer(writer, layer, type, "image " + ShownName(entry)) : layer);
            }

            var staged = writer.Add(ImageJson.ImageManifest.ToBytes(manifest with { Layers = layers }));
            writer.Publish();
            var isGiven = false;
            _index.Update(list => isGiven = IndexEntry.Repack(list, entry.Digest!, staged));
            return isGiven;
        });
        if (isPacked)
        {
            GarbageCollector.TryCollect(_paths, _index, _blobs);
        }
    }

    private bool IsToBePacked(string image)
    {
        using var hold = Hold();
        var entry = ImageLookup.Find(_index.Read(), image) ?? throw NoSuchImage(image);
        if (entry.Sources().Length > 0)
        {
            return false;
        }

        foreach (var layer in ManifestOf(entry).Layers ?? [])
        {
            if (PackedType(layer.MediaType) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string? PackedType(string? mediaType) => mediaType switch
    {
        MediaTypes.Layer => MediaTypes.LayerGzip,
        MediaTypes.DockerLayer => MediaTypes.DockerLayerGzip,
        _ => null,
    };

    private Descriptor PackLayer(StoreWriter writer, Descriptor layer, string mediaType, string what)
    {
        var digest = Digest.Parse(layer.Digest);
        using var content = new DescriptorStream(_blobs.Open(digest, what), owned: true);
        using var blob = writer.NewBlob();
        using var compressed = new CompressingStream(blob, LayerCompression.Gzip);
        using var plain = new DigestStream(compressed);
        content.CopyTo(plain, PackBufferSize);
        compressed.Finish();
        if (plain.Finish() != digest)
        {
            throw BlobStore.Damaged(digest, what);
        }

        var staged = writer.Add(blob);
        return layer with { MediaType = mediaType, Digest = staged.Digest.Value, Size = staged.Size };
    }
}

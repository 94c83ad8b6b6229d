using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Images;

namespace Sampan.Images.Layers;

/// <summary>Makes a layer of a directory: a blob, compressed or not, and the layer of the store that it unpacks to.</summary>
/// <param name="writer">What makes the image.</param>
/// <param name="compression">Of the blob.</param>
/// <param name="latest">Times that are later become this one; null leaves all.</param>
internal sealed class LayerBuilder(StoreWriter writer, LayerCompression compression, DateTimeOffset? latest)
{
    private const int BufferSize = 128 << 10;

    /// <summary>Packs a directory and unpacks it as a layer of the store: what is stored is what the archive says.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="owners">What its owners are in the layer; null is what they are.</param>
    /// <param name="withRoot">Keeps owner, mode and time of the directory itself.</param>
    /// <returns>The blob, and the digest of what is in it uncompressed; null when the directory is empty.</returns>
    /// <exception cref="SampanException">Something that a layer cannot express.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public (Descriptor Blob, Digest DiffId)? Build(FileDescriptor directory, OwnerMap? owners = null, bool withRoot = false)
    {
        using var blob = writer.NewBlob();
        if (Pack(blob, directory, owners, withRoot) is not { } packed)
        {
            return null;
        }

        var staged = writer.Add(blob);
        var diffId = packed.DiffId ?? staged.Digest;
        if (!writer.HasLayer(diffId))
        {
            using var file = writer.TryOpen(staged.Digest)!;
            using var source = new SourceStream(new DescriptorStream(file));
            writer.Unpack(source, diffId);
        }

        return (new() { MediaType = packed.MediaType, Digest = staged.Digest.Value, Size = staged.Size }, diffId);
    }

    /// <returns>No digest where it is the blob's own; null when the directory is empty.</returns>
    private (Digest? DiffId, string MediaType)? Pack(BlobWriter blob, FileDescriptor directory, OwnerMap? owners, bool withRoot)
    {
        if (compression == LayerCompression.None)
        {
            return TryPack(blob, directory, owners, withRoot) ? (null, MediaTypes.Layer) : null;
        }

        using var compressed = new CompressingStream(blob, compression);
        using var plain = new DigestStream(compressed);
        if (!TryPack(plain, directory, owners, withRoot))
        {
            return null;
        }

        compressed.Finish();
        return (plain.Finish(), compression == LayerCompression.Gzip ? MediaTypes.LayerGzip : MediaTypes.LayerZstandard);
    }

    private bool TryPack(Stream output, FileDescriptor directory, OwnerMap? owners, bool withRoot)
    {
        var packer = new LayerPacker(new TarWriter(new BufferedStream(output, BufferSize)), owners, latest is { } time ? new TimeSpec(time.ToUnixTimeSeconds(), 0) : null);
        packer.Pack(directory, withRoot);
        return !packer.IsEmpty;
    }
}

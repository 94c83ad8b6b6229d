using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>From an archive, compressed or not, to a directory and the digest of what was in it.</summary>
internal static class LayerUnpacker
{
    /// <summary>Unpacks a layer into a new directory.</summary>
    /// <param name="work">Where to make it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="archive">The archive; read to its last byte.</param>
    /// <param name="expected">The digest its uncompressed bytes must have; null where it is not known.</param>
    /// <param name="durable">Return only when it is on the disk.</param>
    /// <returns>The digest of the uncompressed bytes, and how many bytes the regular files have.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: hostile, damaged, or not what was promised.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full, no permission.</exception>
    public static (Digest DiffId, long Size) Unpack(FileDescriptor work, string name, SourceStream archive, Digest? expected, bool durable)
    {
        work.MakeDirectory(name, 0x1ed);
        using var root = work.OpenAt(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        root.SetPermissions(0x1ed);
        try
        {
            using var plain = Decompression.Open(archive);
            using var hashed = new HashingStream(plain);
            using var extractor = new LayerExtractor(root);
            extractor.Extract(new TarReader(hashed));
            var diffId = Check(hashed, expected);
            archive.Drain();
            if (durable)
            {
                root.SynchronizeFileSystem();
            }

            return (diffId, extractor.Size);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
    }

    /// <summary>Reads a layer only to see that it is the one that was promised.</summary>
    /// <param name="archive">The archive; read to its last byte.</param>
    /// <param name="diffId">The digest its uncompressed bytes must have.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: damaged, or another.</exception>
    public static void Verify(SourceStream archive, Digest diffId)
    {
        try
        {
            using var plain = Decompression.Open(archive);
            using var hashed = new HashingStream(plain);
            Check(hashed, diffId);
            archive.Drain();
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
    }

    private static Digest Check(HashingStream plain, Digest? expected)
    {
        var diffId = plain.Finish();
        return expected is null || expected == diffId
            ? diffId
            : throw SampanException.InvalidArgument($"layer {expected}: its content has the digest {diffId}");
    }

    private static SampanException Damaged(InvalidDataException error) =>
        new(ErrorKind.InvalidArgument, "gzip: the compressed data is damaged or cut off", error);
}

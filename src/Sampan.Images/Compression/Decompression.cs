using System.IO.Compression;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Compression;

/// <summary>Finds out by the first bytes how a stream is compressed; names and media types lie.</summary>
internal static class Decompression
{
    /// <summary>The uncompressed bytes of a layer.</summary>
    /// <param name="source">Any stream.</param>
    /// <returns>The source itself when it is not compressed.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: compressed with something that a layer must not be.</exception>
    public static Stream Open(SourceStream source)
    {
        var magic = source.Peek(6);
        if (IsGzip(magic))
        {
            return new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
        }

        if (ZstandardStream.IsFrame(magic))
        {
            return new ZstandardStream(source);
        }

        // image-spec, layer.md: there are no media types for these.
        return IsForArchives(magic)
            ? throw SampanException.InvalidArgument($"layer is compressed with {(XzStream.IsStream(magic) ? "xz" : "bzip2")}: layers are compressed with gzip or zstd, or not at all")
            : source;
    }

    /// <summary>The uncompressed bytes of a whole archive, which docker takes with bzip2 and xz too.</summary>
    /// <param name="source">Any stream.</param>
    /// <returns>The source itself when it is not compressed.</returns>
    public static Stream OpenArchive(SourceStream source)
    {
        var magic = source.Peek(6);
        return XzStream.IsStream(magic) ? new XzStream(source) : Bzip2Stream.IsStream(magic) ? new Bzip2Stream(source) : Open(source);
    }

    /// <summary>An archive to make a layer of: what a layer must not be compressed with is taken off.</summary>
    /// <param name="archive">Any stream.</param>
    /// <returns>The archive, plain or as a layer may be.</returns>
    public static Stream OpenForLayer(Stream archive)
    {
        var source = new SourceStream(archive);
        return IsForArchives(source.Peek(6)) ? OpenArchive(source) : source;
    }

    /// <summary>The media type of a layer that comes compressed like this.</summary>
    public static string LayerMediaType(SourceStream source)
    {
        var magic = source.Peek(6);
        return IsGzip(magic) ? MediaTypes.LayerGzip : ZstandardStream.IsFrame(magic) ? MediaTypes.LayerZstandard : MediaTypes.Layer;
    }

    private static bool IsForArchives(ReadOnlySpan<byte> magic) => XzStream.IsStream(magic) || Bzip2Stream.IsStream(magic);

    private static bool IsGzip(ReadOnlySpan<byte> magic) => magic.Length > 1 && magic[0] == 0x1f && magic[1] == 0x8b;
}

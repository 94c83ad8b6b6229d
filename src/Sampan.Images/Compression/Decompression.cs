using System.IO.Compression;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Compression;

/// <summary>Finds out by the first bytes how a stream is compressed; names and media types lie.</summary>
internal static class Decompression
{
    /// <summary>The uncompressed bytes.</summary>
    /// <param name="source">Any stream.</param>
    /// <returns>The source itself when it is not compressed.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: compressed with something else.</exception>
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

        if (magic.StartsWith("BZh"u8))
        {
            throw SampanException.InvalidArgument("archive is compressed with bzip2: unpack it first with bunzip2 (gzip and zstd are read as they are)");
        }

        if (magic.Length == 6 && magic[0] == 0xfd && magic[1..].SequenceEqual("7zXZ\0"u8))
        {
            throw SampanException.InvalidArgument("archive is compressed with xz: unpack it first with unxz (gzip and zstd are read as they are)");
        }

        return source;
    }

    /// <summary>The media type of a layer that comes compressed like this.</summary>
    public static string LayerMediaType(SourceStream source)
    {
        var magic = source.Peek(6);
        return IsGzip(magic) ? MediaTypes.LayerGzip : ZstandardStream.IsFrame(magic) ? MediaTypes.LayerZstandard : MediaTypes.Layer;
    }

    private static bool IsGzip(ReadOnlySpan<byte> magic) => magic.Length > 1 && magic[0] == 0x1f && magic[1] == 0x8b;
}

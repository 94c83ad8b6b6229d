using System.IO.Compression;

namespace Sampan.Images.Compression;

/// <summary>Makes a member of a gzip file of each block: what reads gzip reads several members as one file (RFC 1952, 2.2).</summary>
internal sealed class GzipBlockCompressor : BlockCompressor
{
    /// <summary>Bytes of a block: what it does not see of the block before costs a fiftieth of the size at most.</summary>
    public const int BlockSize = 1 << 20;

    public override int Compress(ReadOnlySpan<byte> input, ref byte[] output)
    {
        // Ever so little more than the input, where that cannot be compressed.
        var needed = input.Length + (input.Length >> 8) + 64;
        if (output.Length < needed)
        {
            output = new byte[needed];
        }

        using var target = new MemoryStream(output);
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(input);
        }

        return (int)target.Position;
    }

    public override void Dispose()
    {
    }
}

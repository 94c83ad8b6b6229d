namespace Sampan.Images.Compression;

/// <summary>A block on its way through a compressor.</summary>
/// <param name="size">Most bytes it takes.</param>
internal sealed class CompressionBlock(int size)
{
    public readonly byte[] Input = new byte[size];
    public byte[] Output = [];

    /// <summary>Bytes of <see cref="Input"/>.</summary>
    public int Length { get; set; }

    /// <summary>Bytes of <see cref="Output"/>; -1 until it is compressed.</summary>
    public int Compressed { get; set; } = -1;

    /// <summary>What went wrong.</summary>
    public Exception? Failure { get; set; }
}

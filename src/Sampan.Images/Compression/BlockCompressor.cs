namespace Sampan.Images.Compression;

/// <summary>Compresses one block after the other, each so that it can be decompressed by itself. Used by one thread.</summary>
internal abstract class BlockCompressor : IDisposable
{
    /// <summary>Compresses a block.</summary>
    /// <param name="input">The block.</param>
    /// <param name="output">Where to; made larger where it has to be.</param>
    /// <returns>Bytes in <paramref name="output"/>.</returns>
    public abstract int Compress(ReadOnlySpan<byte> input, ref byte[] output);

    /// <inheritdoc/>
    public abstract void Dispose();
}

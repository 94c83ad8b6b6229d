namespace Sampan.Linux.Files;

/// <summary>A descriptor as a <see cref="Stream"/>: blocking, unbuffered, synchronous, no thread pool behind it.</summary>
/// <param name="descriptor">The descriptor.</param>
/// <param name="owned">Dispose closes the descriptor.</param>
public sealed class DescriptorStream(FileDescriptor descriptor, bool owned = false) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => descriptor.Read(buffer);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => descriptor.Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => descriptor.WriteAll(buffer);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => descriptor.WriteAll(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && owned)
        {
            descriptor.Dispose();
        }

        base.Dispose(disposing);
    }
}

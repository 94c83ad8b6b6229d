using System.Security.Cryptography;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>A blob on its way into the store: written to the writer's own directory and hashed on the way.</summary>
internal sealed class BlobWriter : Stream
{
    private readonly FileDescriptor _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public BlobWriter(FileDescriptor directory, string name)
    {
        Name = name;
        _file = directory.OpenAt(name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x1a4);
    }

    /// <summary>File name in the writer's directory.</summary>
    public string Name { get; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _file.WriteAll(buffer);
        _hash.AppendData(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Closes the file.</summary>
    /// <param name="durable">Sync it first.</param>
    /// <returns>What was written.</returns>
    public StagedBlob Finish(bool durable)
    {
        if (durable)
        {
            _file.Synchronize();
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        Dispose();
        return new(Name, Digest.FromHash(hash), _length);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}

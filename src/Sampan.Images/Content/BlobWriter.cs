using System.Security.Cryptography;
using Sampan.Images.Compression;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>A blob on its way into the store: written to the writer's own directory and hashed on the way.</summary>
internal sealed class BlobWriter : WriteOnlyStream
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

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _file.WriteAll(buffer);
        _hash.AppendData(buffer);
        _length += buffer.Length;
    }

    /// <summary>Closes the file.</summary>
    /// <returns>What was written.</returns>
    public StagedBlob Finish()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        Dispose();
        return new(Name, Digest.FromHash(hash), _length);
    }

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

using System.Security.Cryptography;
using Sampan.Images.Content;

namespace Sampan.Images.Compression;

/// <summary>Hashes what is written through it.</summary>
/// <param name="target">Where it goes; stays open.</param>
internal sealed class DigestStream(Stream target) : WriteOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        target.Write(buffer);
    }

    /// <summary>The digest of everything.</summary>
    public Digest Finish() => Digest.FromHash(_hash.GetHashAndReset());

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}

using System.Security.Cryptography;
using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Registries.Signatures;

/// <summary>A public key that signatures must be by: ECDSA on the curve P-256, in PEM, as cosign.pub is.</summary>
internal sealed class SignatureKey : IDisposable
{
    private const int LargestFile = 64 << 10;
    private const string P256 = "1.2.840.10045.3.1.7";
    private readonly ECDsa _key;

    private SignatureKey(ECDsa key, string file)
    {
        _key = key;
        File = file;
    }

    /// <summary>Where it is from, for messages.</summary>
    public string File { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="file">Path of the PEM file.</param>
    /// <returns>The key.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the file is missing, or has another kind of key.</exception>
    /// <exception cref="LinuxException">The file cannot be read.</exception>
    public static SignatureKey Read(string file)
    {
        var pem = FileTree.TryRead(file, LargestFile)
            ?? throw SampanException.InvalidArgument($"signature key {file}: no such file: name the signer's public key in PEM (cosign.pub)");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.UTF8.GetString(pem));
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256)
            {
                return new(key, file);
            }
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new SampanException(ErrorKind.InvalidArgument, $"signature key {file}: not a public key in PEM for ECDSA on the curve P-256", error);
        }

        key.Dispose();
        throw SampanException.InvalidArgument($"signature key {file}: a key for ECDSA on the curve P-256 is expected, not on another");
    }

    /// <summary>Whether a signature of some bytes is by this key.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="signature">ASN.1 DER, in base64.</param>
    /// <returns>True when it is; false when it is not, or no signature at all.</returns>
    public bool HasSigned(ReadOnlySpan<byte> content, string signature)
    {
        // Larger than any such signature by far.
        Span<byte> bytes = stackalloc byte[256];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && _key.VerifyData(content, bytes[..length], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Registries.Signatures;

namespace Sampan.Registries;

/// <content>Signatures.</content>
public sealed partial class RegistryClient
{
    /// <summary>
    /// Refuses an image that is not signed by a key. What the configuration wants besides (<c>require-signature</c>) is asked for by
    /// <see cref="SourceRepository.GetManifest(CancellationToken)"/>.
    /// </summary>
    /// <param name="reference">The image.</param>
    /// <param name="digest">sha256:… of what the reference means: of the manifest, or of the index the manifest is chosen from. What
    /// is fetched by it afterwards is what was signed.</param>
    /// <param name="keyFile">A public key for ECDSA on the curve P-256, in PEM.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: there is no such signature; the message says what was found
    /// instead. <see cref="ErrorKind.InvalidArgument"/>: no such key. Or the registry does not answer.</exception>
    /// <exception cref="LinuxException">The key cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void RequireSignature(ImageReference reference, string digest, string keyFile, CancellationToken cancellation = default)
    {
        using var key = SignatureKey.Read(keyFile);
        new SignatureCheck(this, reference, Digest.Parse(digest)).Require(key, cancellation);
    }
}

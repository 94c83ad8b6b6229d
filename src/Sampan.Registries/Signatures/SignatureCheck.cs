using System.Text.Json;
using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Http;

namespace Sampan.Registries.Signatures;

/// <summary>
/// Looks for a signature as cosign stores it: a manifest whose layers are payloads, each with its signature in an annotation. It has the tag
/// sha256-HEX.sig in the image's repository, or refers to the image (cosign, specs/SIGNATURE_SPEC.md).
/// </summary>
/// <param name="client">The registries.</param>
/// <param name="reference">The image.</param>
/// <param name="digest">What the reference means: a manifest's digest, or that of the index it is chosen from.</param>
internal sealed class SignatureCheck(RegistryClient client, ImageReference reference, Digest digest)
{
    public const string ArtifactType = "application/vnd.dev.cosign.artifact.sig.v1+json";
    public const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
    public const string SignatureAnnotation = "dev.cosignproject.cosign/signature";

    // Of more signatures than that somebody wants to keep us busy.
    private const int MostPayloads = 64;
    private const int LargestPayload = 64 << 10;
    private int _seen;
    private string? _reason;

    /// <summary>Returns when there is a signature by the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: there is none; the message says what was found instead.</exception>
    public void Require(SignatureKey key, CancellationToken cancellation)
    {
        _seen = 0;
        _reason = null;
        foreach (var (source, manifest) in Candidates(cancellation))
        {
            foreach (var layer in manifest.Layers)
            {
                if (_seen < MostPayloads && layer.MediaType == PayloadType && layer.Annotation(SignatureAnnotation) is { } signature)
                {
                    _seen++;
                    if (IsBy(key, source, layer, signature, cancellation))
                    {
                        return;
                    }
                }
            }
        }

        var found = _seen == 0
            ? $"no signature was found: there is neither the tag sha256-{digest.Hex}.sig in {reference.FamiliarName}, nor does one refer to the image"
            : $"none of the {_seen} signatures that were found will do: {_reason}";
        throw new SampanException(ErrorKind.Forbidden, $"{reference.FamiliarName}@{digest}: a signature by {key.File} is required: {found}");
    }

    private IEnumerable<(SourceRepository Source, Manifest Manifest)> Candidates(CancellationToken cancellation)
    {
        var tagged = client.OpenUnsigned(ImageReference.Parse($"{reference.Name}:sha256-{digest.Hex}.sig"));
        if (TryGet(tagged, null, cancellation) is { IsIndex: false } manifest)
        {
            yield return (tagged, manifest);
        }

        var source = client.OpenUnsigned(ImageReference.Parse($"{reference.Name}@{digest}"));
        foreach (var referrer in source.ListReferrers(digest.Value, ArtifactType, cancellation))
        {
            if (_seen < MostPayloads && TryGet(source, referrer, cancellation) is { IsIndex: false } artifact && artifact.Subject?.Digest == digest.Value)
            {
                yield return (source, artifact);
            }
        }
    }

    private static Manifest? TryGet(SourceRepository source, Descriptor? descriptor, CancellationToken cancellation)
    {
        try
        {
            return descriptor is null ? source.GetManifest(cancellation) : source.GetManifest(descriptor, cancellation);
        }
        catch (SampanException error) when (error.Kind == ErrorKind.NotFound || error is { InnerException: RegistryException { IsMissing: true } })
        {
            return null;
        }
    }

    private bool IsBy(SignatureKey key, SourceRepository source, Descriptor layer, string signature, CancellationToken cancellation)
    {
        if (layer.Size is < 0 or > LargestPayload)
        {
            _reason = $"a payload of {layer.Size} bytes is not taken";
            return false;
        }

        var payload = source.GetBlob(layer, LargestPayload, cancellation);
        if (!key.HasSigned(payload, signature))
        {
            _reason ??= "it is not by this key";
            return false;
        }

        // From here on it is what the key's owner wrote.
        if (TryParse(payload) is not { Critical: { } claim } || claim.Type != SimpleSigning.CosignType)
        {
            _reason = "what the key has signed is no image";
            return false;
        }

        if (claim.Image?.Digest != digest.Value)
        {
            _reason = $"what the key has signed is another image: {claim.Image?.Digest}";
            return false;
        }

        return true;
    }

    private static SimpleSigning? TryParse(byte[] payload)
    {
        try
        {
            return SignatureJson.SimpleSigning.Parse(payload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

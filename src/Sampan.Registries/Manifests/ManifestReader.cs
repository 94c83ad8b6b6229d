using System.Security.Cryptography;
using System.Text.Json;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Http;

namespace Sampan.Registries.Manifests;

/// <summary>Makes manifests of bytes from a registry, and trusts none of them.</summary>
internal static class ManifestReader
{
    /// <summary>Registries take no more (distribution-spec, "Pushing Manifests").</summary>
    public const int LargestManifest = 4 << 20;

    /// <summary>What is understood.</summary>
    public const string Accept = MediaTypes.Index + ", " + MediaTypes.Manifest + ", " + MediaTypes.DockerManifestList + ", " + MediaTypes.DockerManifest;

    private const int MostItems = 10_000;
    private const string OldPrefix = "application/vnd.docker.distribution.manifest.v1+";

    /// <param name="bytes">The document.</param>
    /// <param name="contentType">What the registry says it is; null when it does not.</param>
    /// <param name="expected">The digest it must have; null when it was asked for by tag.</param>
    /// <param name="name">The image, for messages.</param>
    /// <exception cref="RegistryException">It is another, or none.</exception>
    public static Manifest Read(byte[] bytes, string? contentType, Digest? expected, string name)
    {
        var digest = Digest.FromHash(SHA256.HashData(bytes));
        if (expected is { } wanted && wanted != digest)
        {
            throw Invalid($"manifest verification failed for digest {wanted}: the registry sent {digest}");
        }

        RefuseSchema1(contentType, name);
        ManifestDocument document;
        try
        {
            document = ManifestJson.ManifestDocument.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw Invalid($"manifest of {name}: {error.Message}");
        }

        if (document.SchemaVersion == 1)
        {
            RefuseSchema1(OldPrefix + "json", name);
        }

        var mediaType = MediaType(document, contentType, name);
        var isIndex = MediaTypes.IsIndex(mediaType);
        if (document.SchemaVersion != 2)
        {
            throw Invalid($"manifest of {name}: schemaVersion 2 is expected, not {document.SchemaVersion}");
        }

        // What reads as both is one thing to one reader and another to the next (CVE-2021-41190).
        if (isIndex ? document.Layers is not null || document.Config is not null : document.Manifests is not null)
        {
            throw Invalid($"manifest of {name}: it is both an index and an image");
        }

        if (!isIndex && document.Config is null)
        {
            throw Invalid($"manifest of {name}: it has no config");
        }

        Check(document, name);
        return new(new() { MediaType = mediaType, Digest = digest.Value, Size = bytes.Length }, bytes)
        {
            Manifests = document.Manifests ?? [],
            Config = document.Config,
            Layers = document.Layers ?? [],
            Subject = document.Subject,
            ArtifactType = document.ArtifactType ?? document.Config?.MediaType,
            Annotations = document.Annotations ?? new(StringComparer.Ordinal),
        };
    }

    /// <exception cref="RegistryException">It is the format of docker before 1.10.</exception>
    public static void RefuseSchema1(string? mediaType, string name)
    {
        if (mediaType?.StartsWith(OldPrefix, StringComparison.OrdinalIgnoreCase) == true)
        {
            const string notice = "[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled by default";
            throw Invalid(
                $"{notice} and will be removed in an upcoming release. Suggest the author of {name} to upgrade the image to the OCI Format or "
                + "Docker Image manifest v2, schema 2. More information at https://docs.docker.com/go/deprecated-image-specs/");
        }
    }

    private static string MediaType(ManifestDocument document, string? contentType, string name)
    {
        // The document's word counts for more than the server's, which may be that of a file server; an OCI image may leave it out.
        var mediaType = document.MediaType ?? contentType;
        if (document.MediaType is null && !MediaTypes.IsIndex(mediaType) && !MediaTypes.IsManifest(mediaType))
        {
            mediaType = document.Manifests is not null ? MediaTypes.Index : MediaTypes.Manifest;
        }

        return MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType)
            ? mediaType!
            : throw Invalid($"manifest of {name}: unsupported manifest media type {ServerWords.Clean(mediaType ?? "")}");
    }

    private static void Check(ManifestDocument document, string name)
    {
        if ((document.Layers?.Count ?? 0) + (document.Manifests?.Count ?? 0) > MostItems)
        {
            throw Invalid($"manifest of {name}: it lists more than {MostItems} items");
        }

        CheckDescriptor(document.Config, "config", name);
        CheckDescriptor(document.Subject, "subject", name);
        foreach (var layer in document.Layers ?? [])
        {
            CheckDescriptor(layer, "layer", name);
        }

        foreach (var manifest in document.Manifests ?? [])
        {
            CheckDescriptor(manifest, "manifest", name);
        }
    }

    private static void CheckDescriptor(Descriptor? descriptor, string what, string name)
    {
        if (descriptor is null)
        {
            return;
        }

        if (!Digest.IsValid(descriptor.Digest))
        {
            throw Invalid($"manifest of {name}: {what}: invalid digest \"{ServerWords.Clean(descriptor.Digest ?? "")}\": want sha256: and 64 hexadecimal digits");
        }

        if (descriptor.Size < 0)
        {
            throw Invalid($"manifest of {name}: {what} {descriptor.Digest}: size {descriptor.Size} is below zero");
        }
    }

    private static RegistryException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}

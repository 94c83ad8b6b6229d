using Sampan.Oci.Images;

namespace Sampan.Images.Receiving;

/// <summary>An image of which the small documents are here, and the layers are not.</summary>
public sealed record IncomingImage
{
    /// <summary>Media type, digest and size of the manifest.</summary>
    public required Descriptor Manifest { get; init; }

    /// <summary>The manifest's very bytes.</summary>
    public required ReadOnlyMemory<byte> ManifestBytes { get; init; }

    /// <summary>Digest of the configuration: the image's id.</summary>
    public required Descriptor Config { get; init; }

    /// <summary>The configuration's very bytes.</summary>
    public required ReadOnlyMemory<byte> ConfigBytes { get; init; }

    /// <summary>The layers, bottom first.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }

    /// <summary>What was asked for: the image gets its tag, if it has one.</summary>
    public required ImageReference Reference { get; init; }

    /// <summary>sha256:… of what the reference meant at the registry: the manifest's, or that of the index it was found by.</summary>
    public required string SourceDigest { get; init; }

    /// <summary>What the image was made for, as its configuration tells.</summary>
    /// <returns>The platform.</returns>
    /// <exception cref="Sampan.Linux.SampanException">The configuration is none.</exception>
    public Platform ReadPlatform()
    {
        var document = ImageReception.ReadConfiguration(this);
        return new() { Os = document.Os, Architecture = document.Architecture, Variant = document.Variant };
    }
}

using Sampan.Oci.Images;

namespace Sampan.Registries;

/// <summary>A manifest or index as the registry has it, its digest verified.</summary>
/// <param name="Descriptor">Media type, digest and size of the bytes.</param>
/// <param name="Bytes">The very bytes: what is stored and pushed again.</param>
public sealed record Manifest(Descriptor Descriptor, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whether it is an index of manifests.</summary>
    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);

    /// <summary>The manifests of an index; none of an image.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; init; } = [];

    /// <summary>The configuration of an image.</summary>
    public Descriptor? Config { get; init; }

    /// <summary>The layers of an image, bottom first.</summary>
    public IReadOnlyList<Descriptor> Layers { get; init; } = [];

    /// <summary>What it is about, when it refers to another manifest: a signature, an attestation.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>What kind of artifact it is: its own word for it, or else the type of its configuration; null when it has neither.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Annotations of the document.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

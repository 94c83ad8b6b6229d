namespace Sampan.Images;

/// <summary>The layers of an inspected image.</summary>
public sealed record ImageRootFs
{
    /// <summary>Always "layers".</summary>
    public string Type { get; init; } = "layers";

    /// <summary>Digests of the uncompressed layers, bottom first.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];
}

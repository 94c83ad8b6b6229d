namespace Sampan.Images;

/// <summary>What no image and no container leads to.</summary>
/// <param name="Blobs">Names of blobs: hex digits of their digests, or what was put among them.</param>
/// <param name="Layers">Names of unpacked layers.</param>
public sealed record OrphanedContent(IReadOnlyList<string> Blobs, IReadOnlyList<string> Layers);

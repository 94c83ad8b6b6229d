using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>How the changes of a container become an image.</summary>
public sealed record CommitRequest
{
    /// <summary>The image below; null when the container has none.</summary>
    public StoredImage? Parent { get; init; }

    /// <summary>Overlay's upper directory of the container, absolute.</summary>
    public required string UpperDirectory { get; init; }

    /// <summary>What the upper directory's owners are in the image; null is what they are.</summary>
    public OwnerMap? Owners { get; init; }

    /// <summary>The container's configuration.</summary>
    public ImageConfig Config { get; init; } = new();

    /// <summary>Dockerfile instructions that change it.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>By whom.</summary>
    public string? Author { get; init; }

    /// <summary>Message in the history.</summary>
    public string? Message { get; init; }

    /// <summary>The container's command, for the history.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Name of the image, if it gets one.</summary>
    public string? Reference { get; init; }

    /// <summary>What the new layer is compressed with.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>The time of the image, and the latest one of its files: the same changes make the same image then. Null is now.</summary>
    public DateTimeOffset? Epoch { get; init; }

    /// <summary>Called once the changes are read; what it throws is thrown, and no image is made.</summary>
    public Action? Verify { get; init; }
}

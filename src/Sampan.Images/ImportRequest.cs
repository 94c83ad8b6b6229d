namespace Sampan.Images;

/// <summary>How a root filesystem becomes an image.</summary>
public sealed record ImportRequest
{
    /// <summary>Name of the image, if it gets one.</summary>
    public string? Reference { get; init; }

    /// <summary>Dockerfile instructions for its configuration.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Message in the history; docker says where it came from.</summary>
    public string Message { get; init; } = "Imported from -";

    /// <summary>GOARCH name; the host's when null.</summary>
    public string? Architecture { get; init; }

    /// <summary>GOOS name.</summary>
    public string OperatingSystem { get; init; } = "linux";

    /// <summary>CPU variant; null for none.</summary>
    public string? Variant { get; init; }

    /// <summary>What the layer is compressed with; null leaves the archive as it comes, but for bzip2 and xz, which no layer may have.</summary>
    public LayerCompression? Compression { get; init; }

    /// <summary>
    /// The time of the image, and the latest one of its files, which are packed anew in the order of their names: the same files make the same
    /// image then, whatever order the archive has them in. Null is now.
    /// </summary>
    public DateTimeOffset? Epoch { get; init; }
}

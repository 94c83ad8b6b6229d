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
}

namespace Sampan.Images;

/// <summary>One line of what docker rmi tells: a name that was taken away, or an object that was deleted.</summary>
public sealed record RemovedImage
{
    /// <summary>The name, or null.</summary>
    public string? Untagged { get; init; }

    /// <summary>The image's id or a layer's chain id, or null.</summary>
    public string? Deleted { get; init; }
}

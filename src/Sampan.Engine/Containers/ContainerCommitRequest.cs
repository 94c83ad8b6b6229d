using Sampan.Images;

namespace Sampan.Engine.Containers;

/// <summary>How an image is made of a container.</summary>
public sealed record ContainerCommitRequest
{
    /// <summary>name[:tag] the image gets; null leaves it without a name.</summary>
    public string? Reference { get; init; }

    /// <summary>Author.</summary>
    public string? Author { get; init; }

    /// <summary>What the history says.</summary>
    public string? Message { get; init; }

    /// <summary>Dockerfile instructions laid over the configuration: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, USER, VOLUME, WORKDIR.</summary>
    public IReadOnlyList<string> Changes { get; set; } = [];

    /// <summary>What the new layer is compressed with.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>The time of the image, and the latest one of its files; null is now.</summary>
    public DateTimeOffset? Epoch { get; init; }

    /// <summary>Freeze the container meanwhile.</summary>
    public bool Pause { get; set; } = true;
}

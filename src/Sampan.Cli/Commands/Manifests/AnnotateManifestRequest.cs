namespace Sampan.Cli.Commands.Manifests;

/// <summary>What is said of an image in a manifest list; what is null stays as it is.</summary>
/// <param name="List">The list, as the user typed it.</param>
/// <param name="Image">The image, as the user typed it.</param>
internal sealed record AnnotateManifestRequest(string List, string Image)
{
    /// <summary>GOARCH name.</summary>
    public string? Architecture { get; init; }

    /// <summary>Added to what the operating system must have.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>GOOS name.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>CPU variant.</summary>
    public string? Variant { get; init; }

    /// <summary>Version of the operating system.</summary>
    public string? Version { get; init; }
}

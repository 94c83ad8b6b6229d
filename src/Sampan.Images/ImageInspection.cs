using System.Text.Json.Serialization;
using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>An image in the shape of docker's API (GET /images/{name}/json).</summary>
public sealed record ImageInspection
{
    /// <summary>sha256: and the hash of the configuration.</summary>
    public string Id { get; init; } = "";

    /// <summary>Familiar names.</summary>
    public IReadOnlyList<string> RepoTags { get; init; } = [];

    /// <summary>Repository@digest, for images a registry knows.</summary>
    public IReadOnlyList<string> RepoDigests { get; init; } = [];

    /// <summary>Always empty: parents are not tracked.</summary>
    public string Parent { get; init; } = "";

    /// <summary>Message of the newest step.</summary>
    public string Comment { get; init; } = "";

    /// <summary>RFC 3339.</summary>
    public string Created { get; init; } = "";

    /// <summary>By whom.</summary>
    public string Author { get; init; } = "";

    /// <summary>How containers run.</summary>
    public ImageConfig? Config { get; init; }

    /// <summary>GOARCH name.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>CPU variant.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Variant { get; init; }

    /// <summary>GOOS name.</summary>
    public string Os { get; init; } = "";

    /// <summary>Bytes of all files of all layers.</summary>
    public long Size { get; init; }

    /// <summary>Where the layers are.</summary>
    public ImageGraphDriver GraphDriver { get; init; } = new();

    /// <summary>The layers' digests.</summary>
    public ImageRootFs RootFS { get; init; } = new();

    internal static ImageInspection Of(StoredImage image)
    {
        var document = image.Config;
        return new()
        {
            Id = image.Id,
            RepoTags = image.RepoTags,
            RepoDigests = image.RepoDigests,
            Comment = document.History is { Count: > 0 } history ? history[^1].Comment ?? "" : "",
            Created = image.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Author = document.Author ?? "",
            Config = Complete(document.Config ?? new()),
            Architecture = image.Architecture,
            Variant = document.Variant,
            Os = image.OperatingSystem,
            Size = image.Size,
            GraphDriver = ImageGraphDriver.Of(image),
            RootFS = new() { Layers = image.DiffIds },
        };
    }

    /// <summary>Docker shows what is not set as empty, and formats rely on it.</summary>
    private static ImageConfig Complete(ImageConfig config) =>
        config with { User = config.User ?? "", WorkingDir = config.WorkingDir ?? "", Env = config.Env ?? [] };
}

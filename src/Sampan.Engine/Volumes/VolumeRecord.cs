namespace Sampan.Engine.Volumes;

/// <summary>The lasting record of a volume (volume.json beside its _data).</summary>
public sealed record VolumeRecord
{
    /// <summary>Name; unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Always local.</summary>
    public string Driver { get; set; } = "local";

    /// <summary>Labels; docker marks an anonymous volume with com.docker.volume.anonymous.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Driver options as given.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

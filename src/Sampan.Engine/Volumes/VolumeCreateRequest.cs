namespace Sampan.Engine.Volumes;

/// <summary>What volume create is asked for.</summary>
public sealed record VolumeCreateRequest
{
    /// <summary>Name; null or empty makes an anonymous one of 64 hex digits.</summary>
    public string? Name { get; init; }

    /// <summary>Only local.</summary>
    public string Driver { get; set; } = "local";

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Driver options; the local driver of this version knows none.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

namespace Sampan.Engine.Containers;

/// <summary>A volume's driver (docker's Driver).</summary>
public sealed record VolumeDriverConfig
{
    /// <summary>Only local; empty is local.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its options.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

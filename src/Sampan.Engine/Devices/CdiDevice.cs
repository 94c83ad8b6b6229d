using System.Text.Json.Serialization;

namespace Sampan.Engine.Devices;

/// <summary>A device of a CDI file.</summary>
internal sealed record CdiDevice
{
    /// <summary>Its name in the kind.</summary>
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>What it needs.</summary>
    [JsonPropertyName("containerEdits")]
    public CdiEdits? Edits { get; init; }
}

using System.Text.Json.Serialization;

namespace Sampan.Engine.Devices;

/// <summary>A file of the Container Device Interface (CNCF CDI specification, SPEC.md).</summary>
internal sealed record CdiFile
{
    /// <summary>vendor.com/class.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    /// <summary>Its devices.</summary>
    [JsonPropertyName("devices")]
    public IReadOnlyList<CdiDevice>? Devices { get; init; }

    /// <summary>What every device of the file needs.</summary>
    [JsonPropertyName("containerEdits")]
    public CdiEdits? Edits { get; init; }
}

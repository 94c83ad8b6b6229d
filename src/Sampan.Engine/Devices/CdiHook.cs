using System.Text.Json.Serialization;

namespace Sampan.Engine.Devices;

/// <summary>A program a CDI device wants run.</summary>
internal sealed record CdiHook
{
    /// <summary>The program.</summary>
    [JsonPropertyName("path")]
    public string Path { get; set; } = "";
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sampan.Oci.Images;

/// <summary>How containers of the image run unless told otherwise (image-spec, config.md, "config").</summary>
public sealed record ImageConfig
{
    /// <summary>user[:group], names or numbers.</summary>
    public string? User { get; set; }

    /// <summary>port/protocol.</summary>
    public IReadOnlyDictionary<string, EmptySetValue>? ExposedPorts { get; set; }

    /// <summary>NAME=value.</summary>
    public IReadOnlyList<string>? Env { get; set; }

    /// <summary>Entry point.</summary>
    public IReadOnlyList<string>? Entrypoint { get; set; }

    /// <summary>Arguments, or the command where there is no entry point.</summary>
    public IReadOnlyList<string>? Cmd { get; set; }

    /// <summary>Paths that become volumes.</summary>
    public IReadOnlyDictionary<string, EmptySetValue>? Volumes { get; set; }

    /// <summary>Working directory.</summary>
    public string? WorkingDir { get; set; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; set; }

    /// <summary>Signal of stop: a name or a number.</summary>
    public string? StopSignal { get; set; }

    /// <summary>Instructions for images built on this one (docker).</summary>
    public IReadOnlyList<string>? OnBuild { get; set; }

    /// <summary>Shell of the shell form of instructions (docker).</summary>
    public IReadOnlyList<string>? Shell { get; set; }

    /// <summary>Health check (docker).</summary>
    public ImageHealthCheck? Healthcheck { get; set; }

    /// <summary>What this engine does not know and must not lose when it commits.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

using System.Text.Json.Serialization;

namespace Sampan.Oci.Runtime;

/// <summary>config.json of a bundle (runtime-spec, config.md).</summary>
public sealed record RuntimeSpec
{
    /// <summary>Version of the specification the document follows.</summary>
    [JsonPropertyName("ociVersion")]
    public string OciVersion { get; set; } = "";

    /// <summary>The container process; required by start.</summary>
    public RuntimeProcess? Process { get; init; }

    /// <summary>The root filesystem.</summary>
    public RuntimeRoot? Root { get; init; }

    /// <summary>Host name in the UTS namespace.</summary>
    public string? Hostname { get; init; }

    /// <summary>NIS domain name in the UTS namespace.</summary>
    public string? Domainname { get; init; }

    /// <summary>Mounts beyond the root, in order.</summary>
    public IReadOnlyList<RuntimeMount>? Mounts { get; init; }

    /// <summary>Programs run at points of the life cycle.</summary>
    public RuntimeHooks? Hooks { get; init; }

    /// <summary>Arbitrary metadata.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Linux-specific configuration.</summary>
    public RuntimeLinux? Linux { get; init; }
}

namespace Sampan.Oci.Runtime;

/// <summary>One mount (config.md, "Mounts").</summary>
public sealed record RuntimeMount
{
    /// <summary>Absolute path in the container.</summary>
    public string Destination { get; set; } = "";

    /// <summary>File system type; "bind" by option.</summary>
    public string? Type { get; init; }

    /// <summary>Device, directory or dummy.</summary>
    public string? Source { get; init; }

    /// <summary>Options of mount(8) and of the specification.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Idmapped mount, users.</summary>
    public IReadOnlyList<RuntimeIdMapping>? UidMappings { get; init; }

    /// <summary>Idmapped mount, groups.</summary>
    public IReadOnlyList<RuntimeIdMapping>? GidMappings { get; init; }
}

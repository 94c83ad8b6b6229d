namespace Sampan.Oci.Runtime;

/// <summary>Linux-specific configuration (config-linux.md).</summary>
public sealed record RuntimeLinux
{
    /// <summary>User namespace, users.</summary>
    public IReadOnlyList<RuntimeIdMapping>? UidMappings { get; init; }

    /// <summary>User namespace, groups.</summary>
    public IReadOnlyList<RuntimeIdMapping>? GidMappings { get; init; }

    /// <summary>Kernel parameters, dotted names.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    /// <summary>cgroup limits.</summary>
    public RuntimeResources? Resources { get; init; }

    /// <summary>Path of the cgroup, or slice:prefix:name.</summary>
    public string? CgroupsPath { get; init; }

    /// <summary>Namespaces to create or join.</summary>
    public IReadOnlyList<RuntimeNamespace>? Namespaces { get; init; }

    /// <summary>Device nodes to make.</summary>
    public IReadOnlyList<RuntimeDevice>? Devices { get; init; }

    /// <summary>System call filter.</summary>
    public RuntimeSeccomp? Seccomp { get; init; }

    /// <summary>shared, slave, private or unbindable.</summary>
    public string? RootfsPropagation { get; init; }

    /// <summary>Paths that cannot be read.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that cannot be written.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>SELinux mount label.</summary>
    public string? MountLabel { get; init; }

    /// <summary>Resource director technology.</summary>
    public RuntimeIntelRdt? IntelRdt { get; init; }

    /// <summary>personality(2).</summary>
    public RuntimePersonality? Personality { get; init; }

    /// <summary>Offsets of the time namespace, by clock.</summary>
    public IReadOnlyDictionary<string, RuntimeTimeOffset>? TimeOffsets { get; init; }

    /// <summary>NUMA memory policy (1.3).</summary>
    public RuntimeMemoryPolicy? MemoryPolicy { get; init; }

    /// <summary>Network devices of the host to move in, by their names there (1.3).</summary>
    public IReadOnlyDictionary<string, RuntimeNetDevice>? NetDevices { get; init; }
}

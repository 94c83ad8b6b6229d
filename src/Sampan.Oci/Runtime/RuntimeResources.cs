namespace Sampan.Oci.Runtime;

/// <summary>cgroup limits (config-linux.md, "Control groups").</summary>
public sealed record RuntimeResources
{
    /// <summary>Device rules, in order.</summary>
    public IReadOnlyList<RuntimeDeviceRule>? Devices { get; init; }

    /// <summary>Memory.</summary>
    public RuntimeMemory? Memory { get; init; }

    /// <summary>CPU.</summary>
    public RuntimeCpu? Cpu { get; init; }

    /// <summary>Processes.</summary>
    public RuntimePids? Pids { get; init; }

    /// <summary>Block I/O.</summary>
    public RuntimeBlockIo? BlockIO { get; init; }

    /// <summary>Huge pages.</summary>
    public IReadOnlyList<RuntimeHugepageLimit>? HugepageLimits { get; init; }

    /// <summary>Network classes.</summary>
    public RuntimeNetwork? Network { get; init; }

    /// <summary>RDMA, by device.</summary>
    public IReadOnlyDictionary<string, RuntimeRdma>? Rdma { get; init; }

    /// <summary>cgroup v2 files, verbatim.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}

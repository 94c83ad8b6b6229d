namespace Sampan.Oci.Runtime;

/// <summary>Memory limits in bytes; -1 is unlimited.</summary>
public sealed record RuntimeMemory
{
    /// <summary>Hard limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Soft limit.</summary>
    public long? Reservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long? Swap { get; init; }

    /// <summary>Deprecated.</summary>
    public long? Kernel { get; init; }

    /// <summary>TCP buffers, v1.</summary>
    public long? KernelTCP { get; init; }

    /// <summary>0 to 100, v1.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>v1.</summary>
    public bool? DisableOOMKiller { get; init; }

    /// <summary>v1.</summary>
    public bool? UseHierarchy { get; init; }

    /// <summary>Refuse a limit below usage.</summary>
    public bool? CheckBeforeUpdate { get; init; }
}

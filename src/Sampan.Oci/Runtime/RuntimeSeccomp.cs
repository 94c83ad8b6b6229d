namespace Sampan.Oci.Runtime;

/// <summary>System call filter (config-linux.md, "Seccomp").</summary>
public sealed record RuntimeSeccomp
{
    /// <summary>SCMP_ACT_ name.</summary>
    public string DefaultAction { get; set; } = "";

    /// <summary>errno of SCMP_ACT_ERRNO; EPERM when absent.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>SCMP_ARCH_ names.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>SECCOMP_FILTER_FLAG_ names.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>Socket for SCMP_ACT_NOTIFY.</summary>
    public string? ListenerPath { get; init; }

    /// <summary>Opaque data for the listener.</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary>Rules.</summary>
    public IReadOnlyList<RuntimeSyscall>? Syscalls { get; init; }
}

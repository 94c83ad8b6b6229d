using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Seccomp;

/// <summary>A profile as docker's --security-opt seccomp=FILE takes it (docs.docker.com/engine/security/seccomp).</summary>
public sealed record SeccompProfile
{
    /// <summary>SCMP_ACT_ name.</summary>
    public string DefaultAction { get; init; } = "";

    /// <summary>errno of SCMP_ACT_ERRNO.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>SCMP_ARCH_ names; not beside archMap.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Architectures by the machine's.</summary>
    public IReadOnlyList<SeccompProfileArchitecture>? ArchMap { get; init; }

    /// <summary>SECCOMP_FILTER_FLAG_ names.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>Rules.</summary>
    public IReadOnlyList<SeccompProfileRule>? Syscalls { get; init; }
}

/// <summary>A machine and whose calls it also takes.</summary>
public sealed record SeccompProfileArchitecture
{
    /// <summary>The machine's own.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The others.</summary>
    public IReadOnlyList<string>? SubArchitectures { get; init; }
}

/// <summary>A rule and when it holds.</summary>
public sealed record SeccompProfileRule
{
    /// <summary>One call; the old spelling.</summary>
    public string? Name { get; init; }

    /// <summary>Calls.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>SCMP_ACT_ name.</summary>
    public string Action { get; init; } = "";

    /// <summary>errno of SCMP_ACT_ERRNO.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Comparisons.</summary>
    public IReadOnlyList<RuntimeSyscallArgument>? Args { get; init; }

    /// <summary>Only where all of this is so.</summary>
    public SeccompProfileCondition? Includes { get; init; }

    /// <summary>Not where any of this is so.</summary>
    public SeccompProfileCondition? Excludes { get; init; }
}

/// <summary>A condition on the container and the host.</summary>
public sealed record SeccompProfileCondition
{
    /// <summary>Capabilities.</summary>
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>Machines: amd64, arm64 ….</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    /// <summary>Kernel "major.minor" or newer.</summary>
    public string? MinKernel { get; init; }
}

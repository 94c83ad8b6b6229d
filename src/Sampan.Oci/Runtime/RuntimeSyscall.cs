namespace Sampan.Oci.Runtime;

/// <summary>A seccomp rule.</summary>
public sealed record RuntimeSyscall
{
    /// <summary>System call names.</summary>
    public IReadOnlyList<string> Names { get; set; } = [];

    /// <summary>SCMP_ACT_ name.</summary>
    public string Action { get; set; } = "";

    /// <summary>errno of SCMP_ACT_ERRNO.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<RuntimeSyscallArgument>? Args { get; init; }
}

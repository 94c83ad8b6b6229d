namespace Sampan.Oci.Runtime;

/// <summary>A condition on an argument.</summary>
public sealed record RuntimeSyscallArgument
{
    /// <summary>0 to 5.</summary>
    public uint Index { get; init; }

    /// <summary>Operand, or the mask.</summary>
    public ulong Value { get; init; }

    /// <summary>Second operand of SCMP_CMP_MASKED_EQ.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary>SCMP_CMP_ name.</summary>
    public string Op { get; set; } = "";
}

namespace Sampan.Oci.Runtime;

/// <summary>Priority of an interface.</summary>
public sealed record RuntimeInterfacePriority
{
    /// <summary>Interface.</summary>
    public string Name { get; set; } = "";

    /// <summary>Priority.</summary>
    public uint Priority { get; init; }
}

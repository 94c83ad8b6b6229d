namespace Sampan.Oci.Runtime;

/// <summary>Execution domain.</summary>
public sealed record RuntimePersonality
{
    /// <summary>LINUX or LINUX32.</summary>
    public string Domain { get; set; } = "LINUX";

    /// <summary>None is defined.</summary>
    public IReadOnlyList<string>? Flags { get; init; }
}

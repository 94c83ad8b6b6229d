namespace Sampan.Oci.Runtime;

/// <summary>I/O priority.</summary>
public sealed record RuntimeIoPriority
{
    /// <summary>IOPRIO_CLASS_ name.</summary>
    public string Class { get; set; } = "";

    /// <summary>0 to 7.</summary>
    public int Priority { get; init; }
}

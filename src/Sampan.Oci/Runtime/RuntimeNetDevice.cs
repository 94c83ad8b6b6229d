namespace Sampan.Oci.Runtime;

/// <summary>A network device of the host that moves into the container (config-linux.md 1.3, "Network devices").</summary>
public sealed record RuntimeNetDevice
{
    /// <summary>Its name inside; the same when absent.</summary>
    public string? Name { get; init; }
}

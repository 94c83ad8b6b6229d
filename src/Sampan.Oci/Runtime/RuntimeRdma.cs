namespace Sampan.Oci.Runtime;

/// <summary>RDMA limits.</summary>
public sealed record RuntimeRdma
{
    /// <summary>Handles.</summary>
    public uint? HcaHandles { get; init; }

    /// <summary>Objects.</summary>
    public uint? HcaObjects { get; init; }
}

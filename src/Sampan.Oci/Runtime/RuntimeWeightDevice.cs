namespace Sampan.Oci.Runtime;

/// <summary>Weight of a device.</summary>
public sealed record RuntimeWeightDevice
{
    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>v1.</summary>
    public ushort? LeafWeight { get; init; }
}

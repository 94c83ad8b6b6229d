namespace Sampan.Oci.Runtime;

/// <summary>Block I/O.</summary>
public sealed record RuntimeBlockIo
{
    /// <summary>10 to 1000.</summary>
    public ushort? Weight { get; init; }

    /// <summary>v1.</summary>
    public ushort? LeafWeight { get; init; }

    /// <summary>By device.</summary>
    public IReadOnlyList<RuntimeWeightDevice>? WeightDevice { get; init; }

    /// <summary>By device.</summary>
    public IReadOnlyList<RuntimeThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    /// <summary>By device.</summary>
    public IReadOnlyList<RuntimeThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    /// <summary>By device.</summary>
    public IReadOnlyList<RuntimeThrottleDevice>? ThrottleReadIOPSDevice { get; init; }

    /// <summary>By device.</summary>
    public IReadOnlyList<RuntimeThrottleDevice>? ThrottleWriteIOPSDevice { get; init; }
}

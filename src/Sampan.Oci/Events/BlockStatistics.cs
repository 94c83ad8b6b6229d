namespace Sampan.Oci.Events;

/// <summary>Block I/O by device and operation. What a kernel does not count is left out.</summary>
public sealed record BlockStatistics
{
    /// <summary>Bytes.</summary>
    public IReadOnlyList<BlockEntry>? IoServiceBytesRecursive { get; init; }

    /// <summary>Operations.</summary>
    public IReadOnlyList<BlockEntry>? IoServicedRecursive { get; init; }

    /// <summary>Operations that wait.</summary>
    public IReadOnlyList<BlockEntry>? IoQueueRecursive { get; init; }

    /// <summary>Nanoseconds of service.</summary>
    public IReadOnlyList<BlockEntry>? IoServiceTimeRecursive { get; init; }

    /// <summary>Nanoseconds of waiting.</summary>
    public IReadOnlyList<BlockEntry>? IoWaitTimeRecursive { get; init; }

    /// <summary>Operations merged.</summary>
    public IReadOnlyList<BlockEntry>? IoMergedRecursive { get; init; }

    /// <summary>Milliseconds of the device.</summary>
    public IReadOnlyList<BlockEntry>? IoTimeRecursive { get; init; }

    /// <summary>Sectors.</summary>
    public IReadOnlyList<BlockEntry>? SectorsRecursive { get; init; }
}

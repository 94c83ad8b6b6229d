namespace Sampan.Engine.Containers;

/// <summary>Limit of block I/O on one device.</summary>
public sealed record ThrottleDevice
{
    /// <summary>Path of the device's node on the host.</summary>
    public string Path { get; set; } = "";

    /// <summary>Bytes or operations a second.</summary>
    public ulong Rate { get; init; }
}

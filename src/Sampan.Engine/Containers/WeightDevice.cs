namespace Sampan.Engine.Containers;

/// <summary>Weight of block I/O on one device.</summary>
public sealed record WeightDevice
{
    /// <summary>Path of the device's node on the host.</summary>
    public string Path { get; set; } = "";

    /// <summary>10 to 1000.</summary>
    public ushort Weight { get; init; }
}

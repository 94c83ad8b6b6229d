namespace Sampan.Engine.Containers;

/// <summary>Devices by the names of the Container Device Interface: docker's DeviceRequest with the driver cdi.</summary>
public sealed record DeviceRequest
{
    /// <summary>Always cdi.</summary>
    public string Driver { get; set; } = "cdi";

    /// <summary>vendor.com/class=name.</summary>
    public IReadOnlyList<string> DeviceIDs { get; set; } = [];
}

namespace Sampan.Engine.Containers;

/// <summary>A device of the host in the container.</summary>
public sealed record DeviceMapping
{
    /// <summary>Device node, or a directory of them.</summary>
    public string PathOnHost { get; set; } = "";

    /// <summary>Where it appears.</summary>
    public string PathInContainer { get; set; } = "";

    /// <summary>Letters of rwm.</summary>
    public string CgroupPermissions { get; set; } = "rwm";
}

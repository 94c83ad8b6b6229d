namespace Sampan.Engine.Containers;

/// <summary>Where on the host a container's port is to be published: docker's PortBinding.</summary>
public sealed record PortBinding
{
    /// <summary>The host's address; empty for the network's, which is 0.0.0.0 unless it says otherwise.</summary>
    public string HostIp { get; set; } = "";

    /// <summary>The host's port, or a range (8000-8010) of which one is taken; empty for one of the kernel's choice.</summary>
    public string HostPort { get; set; } = "";
}

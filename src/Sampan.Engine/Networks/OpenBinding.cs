using Sampan.Engine.Containers;

namespace Sampan.Engine.Networks;

/// <summary>A port of a container that is published: on one address of the host, or on all of both families, then twice by the same number.</summary>
/// <param name="Key">The container's port: 80/tcp.</param>
/// <param name="Asked">Where it was asked for.</param>
/// <param name="Parts">What was taken, IPv4 first.</param>
internal sealed record OpenBinding(string Key, PortBinding Asked, IReadOnlyList<PortReservation> Parts)
{
    /// <summary>The host's port.</summary>
    public int HostPort => Parts[0].Port.HostPort;
}

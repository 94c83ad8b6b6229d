namespace Sampan.Engine.Containers;

/// <summary>The ids of a container's user namespace, as podman shows them: INSIDE:OUTSIDE:COUNT.</summary>
public sealed record UserIdMappings
{
    /// <summary>User ids.</summary>
    public IReadOnlyList<string> UidMap { get; set; } = [];

    /// <summary>Group ids.</summary>
    public IReadOnlyList<string> GidMap { get; set; } = [];
}

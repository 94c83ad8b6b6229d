using Sampan.Engine.Networks;

namespace Sampan.Engine.Containers;

/// <summary>What create is asked for.</summary>
public sealed record ContainerCreateRequest
{
    /// <summary>Name; null lets the engine choose one.</summary>
    public string? Name { get; init; }

    /// <summary>What the user said of the container; the image's own configuration fills what is left open.</summary>
    public required ContainerConfig Config { get; init; }

    /// <summary>What the user said of the host.</summary>
    public required HostConfig HostConfig { get; init; }

    /// <summary>The networks it is to be on; none for the modes none, host and container.</summary>
    public IReadOnlyList<EndpointSettings> Endpoints { get; init; } = [];

    /// <summary>os/architecture[/variant] the image must be for; null takes any.</summary>
    public string? Platform { get; init; }

    /// <summary>
    /// A start follows at once (run): the container is held for it, and where the caller dies before it started the container is
    /// collected if it is one to be removed after its exit.
    /// </summary>
    public bool StartFollows { get; init; }
}

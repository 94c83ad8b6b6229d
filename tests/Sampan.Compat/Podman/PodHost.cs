namespace Sampan.Compat.Podman;

/// <summary>podman for pods, whose infra container asks for limits that a confined host cannot give.</summary>
public sealed class PodHost : PodmanHost
{
    /// <inheritdoc/>
    protected override string RuntimeIn(string folder) => ConfinedRuntime.In(folder);
}

using Sampan.Engine.Containers;

namespace Sampan.Cli.Commands.Containers;

/// <summary>A container's health in docker's word.</summary>
internal static class ContainerHealthWord
{
    /// <summary>The word.</summary>
    /// <param name="_">The container's state.</param>
    /// <returns>starting, healthy or unhealthy; none for a container without a health check, which all are so far.</returns>
    public static string Of(ContainerState _) => "none";
}

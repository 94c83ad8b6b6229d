using Sampan.Engine.Events;

namespace Sampan.Engine.Networks;

/// <summary>What is told of containers that come to networks and leave them, with docker's attributes.</summary>
/// <param name="paths">Where the state is.</param>
internal sealed class NetworkEvents(EnginePaths paths)
{
    /// <summary>A container is on a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="container">Full id.</param>
    public void Connected(NetworkRecord network, string container) => Write("connect", network, container);

    /// <summary>A container is on a network no more.</summary>
    /// <inheritdoc cref="Connected"/>
    public void Disconnected(NetworkRecord network, string container) => Write("disconnect", network, container);

    private void Write(string action, NetworkRecord network, string container) => new EventJournal(paths).Write(
        "network",
        action,
        network.Id,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["container"] = container, ["name"] = network.Name, ["type"] = network.Driver });
}

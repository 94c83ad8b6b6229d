using Sampan.Engine.Networks;
using Sampan.Linux;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Restores what somebody took away of networks that are set up, and all published ports.</summary>
    /// <param name="names">Networks, and containers whose networks are meant; none for all.</param>
    /// <param name="tell">Told of each thing that was missing, in a line.</param>
    /// <exception cref="SampanException">NotFound: nothing is called so. Conflict: somebody else has a bridge's name, or a prefix.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void ReloadNetworks(IReadOnlyList<string> names, Action<string> tell)
    {
        HashSet<string> wanted = [];
        foreach (var name in names)
        {
            if (Networks.TryFind(name) is { } network)
            {
                wanted.Add(network.Id);
                continue;
            }

            var container = Containers.TryFind(name) ?? throw SampanException.NotFound($"no network and no container is called {name}");
            foreach (var endpoint in container.Network?.Endpoints ?? [])
            {
                wanted.Add(endpoint.NetworkId);
            }
        }

        new NetworkReload(Paths, tell).Restore(names.Count == 0 ? null : wanted);
    }
}

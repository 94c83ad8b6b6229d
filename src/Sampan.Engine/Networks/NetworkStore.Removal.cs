using Sampan.Engine.Storage;
using Sampan.Linux;

namespace Sampan.Engine.Networks;

public sealed partial class NetworkStore
{
    /// <summary>Removes a network.</summary>
    /// <param name="nameOrIdPrefix">What the user typed.</param>
    /// <param name="force">A network that is not there is no error.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="SampanException">NotFound: there is none. Forbidden: it is always there.</exception>
    public bool Remove(string nameOrIdPrefix, bool force = false)
    {
        // One whose record is damaged can be removed by its name.
        var name = IsValid(nameOrIdPrefix) && Entries.Exists(FileOf(nameOrIdPrefix)) ? nameOrIdPrefix : TryFind(nameOrIdPrefix)?.Name;
        if (name is null)
        {
            if (force)
            {
                return false;
            }

            throw SampanException.NotFound($"network {nameOrIdPrefix} not found");
        }

        if (IsPredefined(name))
        {
            throw new SampanException(ErrorKind.Forbidden, $"{name} is a pre-defined network and cannot be removed");
        }

        using var held = Lock();
        CheckUnused(name);
        return TryRemoveLocked(name)
            ? true
            : throw new SampanException(
                ErrorKind.Forbidden, $"error while removing network: network {name} id {TryReadWhole(name)?.Id} has active endpoints");
    }

    private void CheckUnused(string name)
    {
        if (TryReadWhole(name) is { ConfigOnly: true } && ListRecorded().Exists(network => network.ConfigFrom == name))
        {
            throw new SampanException(ErrorKind.Forbidden, $"configuration network \"{name}\" is in use");
        }
    }

    /// <summary>Removes networks that no container is on, as docker network prune.</summary>
    /// <param name="wanted">Which of them.</param>
    /// <returns>Names of what was removed.</returns>
    public IReadOnlyList<string> Prune(Func<NetworkRecord, bool> wanted)
    {
        using var held = Lock();
        List<string> removed = [];
        foreach (var network in ListRecorded())
        {
            if (!network.IsPredefined && !network.ConfigOnly && wanted(network) && TryRemoveLocked(network.Name))
            {
                removed.Add(network.Name);
            }
        }

        return removed;
    }

    // The record goes last: whoever is killed before that leaves a network that can be removed again.
    private bool TryRemoveLocked(string name)
    {
        var network = TryReadWhole(name);
        if (network is not null)
        {
            var wasUp = Entries.Exists(AddressLeases.DirectoryOf(paths, network.Id));
            if (wasUp && !AddressLeases.TryEnd(paths, network.Id))
            {
                return false;
            }

            new NetworkSetup(paths).TakeDown(network, wasUp);
        }

        Entries.RemoveFile(FileOf(name));
        Entries.SynchronizeDirectory(paths.Networks);
        if (network is not null)
        {
            Tell("destroy", network);
        }

        return true;
    }
}

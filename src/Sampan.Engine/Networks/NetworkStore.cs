using System.Buffers;
using System.Text.Json;
using Sampan.Engine.Containers;
using Sampan.Engine.Events;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Networks;

/// <summary>The networks on disk: networks/NAME.json. They are made and removed under one lock, so that no two have a prefix in common.</summary>
/// <param name="paths">Where.</param>
public sealed partial class NetworkStore(EnginePaths paths)
{
    /// <summary>The network that is a bridge and always there.</summary>
    public const string Default = "bridge";

    private const string Extension = ".json";

    private static readonly string[] Predefined = [Default, "host", "none"];

    private static SearchValues<char> NameCharacters { get; } =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>Whether a network is always there.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True for bridge, host and none.</returns>
    public static bool IsPredefined(string name) => Array.IndexOf(Predefined, name) >= 0;

    /// <summary>Finds a network by full id, name or the beginning of its id, in this order.</summary>
    /// <param name="nameOrIdPrefix">What the user typed.</param>
    /// <returns>The network.</returns>
    /// <exception cref="SampanException">NotFound: there is none. InvalidArgument: more than one id begins so. Internal: its record is damaged.</exception>
    public NetworkRecord Find(string nameOrIdPrefix) =>
        TryFind(nameOrIdPrefix) ?? throw SampanException.NotFound($"network {nameOrIdPrefix} not found");

    /// <summary>The same, or null when there is none.</summary>
    /// <inheritdoc cref="Find"/>
    public NetworkRecord? TryFind(string nameOrIdPrefix)
    {
        if (!ContainerId.IsFull(nameOrIdPrefix) && IsValid(nameOrIdPrefix))
        {
            if (IsPredefined(nameOrIdPrefix))
            {
                MakePredefined();
            }

            if (TryRead(nameOrIdPrefix) is { } named)
            {
                return named;
            }
        }

        return ContainerId.IsHex(nameOrIdPrefix) ? FindById(nameOrIdPrefix) : null;
    }

    /// <summary>All networks, by name; those that are always there too. One whose record is damaged is left out, and named by <c>system check</c>.</summary>
    /// <returns>Networks.</returns>
    public IReadOnlyList<NetworkRecord> List()
    {
        MakePredefined();
        return ListRecorded();
    }

    /// <summary>The containers that run on a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Them, by name.</returns>
    public IReadOnlyList<NetworkMember> Members(NetworkRecord network)
    {
        var members = new Dictionary<string, NetworkMember>(StringComparer.Ordinal);
        using var leases = AddressLeases.TryOpen(paths, network.Id);
        foreach (var (address, holder) in leases?.List() ?? [])
        {
            var member = members.GetValueOrDefault(holder.Container) ?? new(holder.Container, holder.Name, holder.Endpoint, holder.Mac, "", "");
            foreach (var addressing in network.Addressing)
            {
                if (addressing.Prefix.Contains(address))
                {
                    var text = $"{address}/{addressing.Prefix.PrefixLength}";
                    member = addressing.IsIPv6 ? member with { IPv6Address = text } : member with { IPv4Address = text };
                }
            }

            members[holder.Container] = member;
        }

        List<NetworkMember> sorted = [.. members.Values];
        sorted.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return sorted;
    }

    /// <summary>The networks a container is on while it runs, host and none too.</summary>
    internal IReadOnlyList<NetworkRecord> Of(Container container)
    {
        if (container.Record.Endpoints is null)
        {
            return OfMode(container.HostConfig.NetworkMode);
        }

        List<NetworkRecord> networks = [];
        foreach (var endpoint in container.Network?.Endpoints ?? [])
        {
            if (TryReadWhole(endpoint.Network) is { } network && network.Id == endpoint.NetworkId)
            {
                networks.Add(network);
            }
        }

        return networks;
    }

    private IReadOnlyList<NetworkRecord> OfMode(string mode)
    {
        try
        {
            return IsPredefined(mode) ? [Find(mode)] : [];
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            // Their records cannot be made, or are damaged: a container that needs no bridge runs all the same.
            return [];
        }
    }

    /// <summary>Those that are recorded: nothing is made.</summary>
    internal List<NetworkRecord> ListRecorded()
    {
        List<NetworkRecord> networks = [];
        foreach (var name in Names())
        {
            if (TryReadWhole(name) is { } network)
            {
                networks.Add(network);
            }
        }

        return networks;
    }

    /// <summary>Names of the records that are there, damaged ones too.</summary>
    internal IReadOnlyList<string> Names()
    {
        List<string> names = [];
        foreach (var entry in FileTree.List(paths.Networks))
        {
            var name = entry.Name.ToString();
            if (name.EndsWith(Extension, StringComparison.Ordinal) && IsValid(name[..^Extension.Length]))
            {
                names.Add(name[..^Extension.Length]);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Reads a record by its network's name.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="SampanException">Internal: it is damaged.</exception>
    internal NetworkRecord? TryRead(string name)
    {
        if (RecordFile.TryRead(FileOf(name)) is not { } bytes)
        {
            return null;
        }

        try
        {
            return EngineJson.NetworkRecord.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw new SampanException(
                ErrorKind.Internal, $"the record of network {name} is damaged: remove {FileOf(name)} and create the network again", exception);
        }
    }

    /// <summary>Held while something is added that who holds <see cref="Lock"/> must know of or undo.</summary>
    internal FileLock Share() => FileLock.Acquire(paths.Root + "/networks.lock", shared: true);

    /// <summary>Held while networks are made, set up or removed.</summary>
    internal FileLock Lock()
    {
        Entries.MakeDirectory(paths.Networks, Entries.PassableDirectory);
        return FileLock.Acquire(paths.Root + "/networks.lock");
    }

    private static bool IsValid(string name) =>
        name.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    private NetworkRecord? FindById(string prefix)
    {
        List<NetworkRecord> found = [];
        foreach (var network in List())
        {
            if (network.Id.StartsWith(prefix, StringComparison.Ordinal))
            {
                found.Add(network);
            }
        }

        return found.Count > 1
            ? throw SampanException.InvalidArgument($"network {prefix} is ambiguous ({found.Count} matches found based on ID prefix)")
            : found.Count == 1 ? found[0] : null;
    }

    private NetworkRecord? TryReadWhole(string name)
    {
        try
        {
            return TryRead(name);
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.Internal)
        {
            return null;
        }
    }

    private void Write(NetworkRecord network) => RecordFile.Replace(FileOf(network.Name), EngineJson.NetworkRecord.ToBytes(network), durable: true);

    private void Tell(string action, NetworkRecord network) => new EventJournal(paths).Write(
        "network", action, network.Id, new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = network.Name, ["type"] = network.Driver });

    private string FileOf(string name) => paths.Networks + "/" + name + Extension;
}

using System.Text.Json;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Containers;

/// <summary>The containers on disk.</summary>
/// <param name="paths">Where.</param>
public sealed class ContainerStore(EnginePaths paths)
{
    private readonly ContainerNames _names = new(paths);

    /// <summary>Who closes off a container whose monitor died, when it is come across.</summary>
    internal ContainerRecovery? Recovery { get; set; }

    /// <summary>Finds a container by full id, name (with or without docker's leading slash) or id prefix, in this order.</summary>
    /// <param name="nameOrIdPrefix">What the user typed.</param>
    /// <returns>The container.</returns>
    /// <exception cref="SampanException">NotFound: there is none. InvalidArgument: more than one id begins so.</exception>
    public Container Find(string nameOrIdPrefix) =>
        TryFind(nameOrIdPrefix) ?? throw SampanException.NotFound($"No such container: {nameOrIdPrefix}");

    /// <summary>The same, or null when there is none.</summary>
    /// <inheritdoc cref="Find"/>
    public Container? TryFind(string nameOrIdPrefix)
    {
        if (ContainerId.IsFull(nameOrIdPrefix) && TryRead(nameOrIdPrefix) is { } exact)
        {
            return exact;
        }

        var name = nameOrIdPrefix.StartsWith('/') ? nameOrIdPrefix[1..] : nameOrIdPrefix;
        if (_names.Find(name) is { } id && TryRead(id) is { } named && named.Name == name)
        {
            return named;
        }

        return (ContainerId.IsHex(nameOrIdPrefix) && FindPrefix(nameOrIdPrefix) is { } full ? TryRead(full) : null) ?? RefuseWithoutRecord(nameOrIdPrefix);
    }

    /// <summary>All containers, the newest first. Closes off those whose monitor died, collects what a crash left half-made or half-removed.</summary>
    /// <returns>Containers; their state is read when asked for. Those whose record is damaged too (<see cref="Container.IsDamaged"/>).</returns>
    public IReadOnlyList<Container> List()
    {
        List<Container> containers = [];
        foreach (var entry in FileTree.List(paths.Containers))
        {
            var name = entry.Name.ToString();
            if (name[0] == '.')
            {
                Recovery?.Collect(name);
            }
            else if (TryReadAny(name) is { } container)
            {
                containers.Add(container);
            }
        }

        containers.Sort(static (left, right) => right.Created.CompareTo(left.Created));
        return containers;
    }

    /// <summary>Collects what a crash left half-made or half-removed; reads no record.</summary>
    internal void Collect()
    {
        foreach (var entry in FileTree.List(paths.Containers))
        {
            if (entry.Name.Bytes[0] == (byte)'.')
            {
                Recovery?.Collect(entry.Name.ToString());
            }
        }
    }

    /// <summary>Finds a container as <see cref="Find"/> does, also one whose record is damaged: to remove it.</summary>
    /// <param name="nameOrIdPrefix">What the user typed.</param>
    /// <returns>The container.</returns>
    /// <exception cref="SampanException">NotFound: there is none. InvalidArgument: more than one id begins so.</exception>
    public Container FindEvenDamaged(string nameOrIdPrefix)
    {
        try
        {
            if (TryFind(nameOrIdPrefix) is { } whole)
            {
                return whole;
            }
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.Internal)
        {
            // Below it is found without its record.
        }

        return (IdOf(nameOrIdPrefix) is { } id ? TryReadAny(id) : null) is { IsDamaged: true } damaged
            ? damaged
            : throw SampanException.NotFound($"No such container: {nameOrIdPrefix}");
    }

    /// <summary>The containers whose record is damaged: nobody knows what they use. Nothing is closed off or collected, so that a caller may hold any lock.</summary>
    /// <returns>Their ids.</returns>
    public IReadOnlyList<string> Damaged()
    {
        List<string> ids = [];
        foreach (var entry in FileTree.List(paths.Containers))
        {
            var id = entry.Name.ToString();
            if (id[0] != '.' && TryReadWholeRecord(paths.Container(id), id) is null && Entries.Exists(paths.Container(id)))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>
    /// The records that can be read, as they lie on the disk: nothing is closed off or collected, so that a caller may hold any lock.
    /// </summary>
    internal IEnumerable<ContainerRecord> WholeRecords()
    {
        foreach (var entry in FileTree.List(paths.Containers))
        {
            var id = entry.Name.ToString();
            if (id[0] != '.' && TryReadWholeRecord(paths.Container(id), id) is { } record)
            {
                yield return record;
            }
        }
    }

    /// <summary>Reads a container by its full id; null when it is not there.</summary>
    internal Container? TryRead(string id)
    {
        if (TryReadRecord(paths.Container(id), id) is not { } record)
        {
            return null;
        }

        var container = new Container(paths, record);
        return Recovery?.Check(container) == false ? null : container;
    }

    // One damaged record must not hide the other containers, nor its own.
    private Container? TryReadAny(string id)
    {
        try
        {
            if (TryRead(id) is { } whole)
            {
                return whole;
            }
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.Internal)
        {
            return Placeholder(id);
        }

        // Its directory is renamed before anything in it goes: what is here without a record lost it.
        return Entries.Exists(paths.Container(id)) && ContainerId.IsFull(id) ? Placeholder(id) : null;
    }

    private Container Placeholder(string id)
    {
        // Nothing is ever made in the mount point, so its time is that of its making.
        var made = FileDescriptor.TryStatus(paths.Container(id) + "/rootfs")?.Modified.Seconds ?? 0;
        return new(paths, new ContainerRecord
        {
            Id = id,
            Name = _names.FindOf(id) ?? id[..12],
            Created = DateTimeOffset.FromUnixTimeSeconds(made),
            Config = new ContainerConfig { Image = "<damaged>" },
        })
        {
            IsDamaged = true,
        };
    }

    /// <summary>Reads the record in a container's directory, whatever that is called; null when there is none.</summary>
    internal static ContainerRecord? TryReadRecord(string directory, string id) =>
        RecordFile.TryRead(RecordPath(directory)) is { } bytes ? Parse(bytes, id) : null;

    /// <summary>The same; null when it is damaged, too.</summary>
    internal static ContainerRecord? TryReadWholeRecord(string directory, string id)
    {
        try
        {
            return TryReadRecord(directory, id);
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.Internal)
        {
            return null;
        }
    }

    internal static void Write(string directory, ContainerRecord record, bool durable) =>
        RecordFile.Replace(RecordPath(directory), EngineJson.ContainerRecord.ToBytes(record), durable);

    private static string RecordPath(string directory) => directory + "/container.json";

    private static ContainerRecord Parse(byte[] bytes, string id)
    {
        try
        {
            var record = EngineJson.ContainerRecord.Parse(bytes);
            return record.Id == id ? record : throw Damaged(id, null);
        }
        catch (JsonException exception)
        {
            throw Damaged(id, exception);
        }
    }

    private string? IdOf(string nameOrIdPrefix)
    {
        if (ContainerId.IsFull(nameOrIdPrefix))
        {
            return nameOrIdPrefix;
        }

        return _names.Find(nameOrIdPrefix.StartsWith('/') ? nameOrIdPrefix[1..] : nameOrIdPrefix) ?? (ContainerId.IsHex(nameOrIdPrefix) ? FindPrefix(nameOrIdPrefix) : null);
    }

    // Its directory is renamed before anything in it goes: one that is there without a record lost it.
    private Container? RefuseWithoutRecord(string nameOrIdPrefix) =>
        IdOf(nameOrIdPrefix) is { } id && ContainerId.IsFull(id) && Entries.Exists(paths.Container(id)) && TryReadWholeRecord(paths.Container(id), id) is null
            ? throw Damaged(id, null)
            : null;

    private static SampanException Damaged(string id, JsonException? cause) =>
        new(ErrorKind.Internal, $"the record of container {id} is damaged: remove it with rm -f, or restore container.json", cause);

    private string? FindPrefix(string prefix)
    {
        string? found = null;
        foreach (var entry in FileTree.List(paths.Containers))
        {
            var name = entry.Name.ToString();
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (found is not null)
            {
                throw SampanException.InvalidArgument($"Multiple IDs found with provided prefix: {prefix}");
            }

            found = name;
        }

        return found;
    }
}

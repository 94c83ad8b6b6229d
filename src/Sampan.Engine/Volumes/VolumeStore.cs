using System.Buffers;
using System.Text.Json;
using Sampan.Engine.Containers;
using Sampan.Engine.Events;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

/// <summary>
/// The volumes on disk: volumes/NAME/volume.json beside volumes/NAME/_data. Making, use and removal of a volume happen under its lock, so
/// that a container being created never finds its volume gone.
/// </summary>
/// <param name="paths">Where.</param>
/// <param name="containers">Who may use them.</param>
public sealed class VolumeStore(EnginePaths paths, ContainerStore containers)
{
    private const string RecordName = "volume.json";
    private const string RemovingPrefix = ".removing-";

    private static SearchValues<char> NameCharacters { get; } =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>Makes a volume; one of that name that is there already is returned as it is.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="SampanException">InvalidArgument: the name has characters a volume's name cannot have. NotFound: no such driver.</exception>
    public Volume Create(VolumeCreateRequest request)
    {
        using var held = Lock();
        return CreateLocked(request);
    }

    /// <summary>The same, under the lock the caller holds.</summary>
    internal Volume CreateLocked(VolumeCreateRequest request)
    {
        if (request.Driver is not ("" or "local"))
        {
            throw SampanException.NotFound($"{(string.IsNullOrEmpty(request.Name) ? "" : $"create {request.Name}: ")}error looking up volume plugin {request.Driver}: plugin \"{request.Driver}\" not found");
        }

        LocalDriver.Check(request.Options);
        var anonymous = string.IsNullOrEmpty(request.Name);
        var name = anonymous ? ContainerId.Generate() : request.Name!;
        Validate(name);
        if (TryFind(name) is { } existing)
        {
            return existing;
        }

        var directory = DirectoryOf(name);
        var record = new VolumeRecord
        {
            Name = name,
            CreatedAt = DateTimeOffset.UtcNow,
            Labels = anonymous ? WithAnonymousLabel(request.Labels) : request.Labels,
            Options = request.Options,
        };

        if (Entries.Exists(directory))
        {
            // Data whose record is gone, or which somebody put there: it becomes a volume.
            Fill(directory, record);
        }
        else
        {
            MakeWhole(directory, record);
        }

        Tell("create", name);
        return new Volume(record, directory + "/_data");
    }

    /// <summary>Finds a volume by its full name.</summary>
    /// <param name="name">Name.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="SampanException">NotFound: there is none.</exception>
    public Volume Find(string name) => TryFind(name) ?? throw SampanException.NotFound($"get {name}: no such volume");

    /// <summary>The same, or null when there is none.</summary>
    /// <inheritdoc cref="Find"/>
    public Volume? TryFind(string name)
    {
        if (!IsValid(name) || RecordFile.TryRead(DirectoryOf(name) + "/" + RecordName) is not { } bytes)
        {
            return null;
        }

        try
        {
            return new Volume(EngineJson.VolumeRecord.Parse(bytes), DirectoryOf(name) + "/_data");
        }
        catch (JsonException exception)
        {
            throw new SampanException(ErrorKind.Internal, $"the record of volume {name} is damaged: remove {DirectoryOf(name)}/{RecordName} and create the volume again; its data stays", exception);
        }
    }

    /// <summary>All volumes, by name. One whose record is damaged is left out, and named by <c>system check</c>: it must not hide the others.</summary>
    /// <returns>Volumes.</returns>
    public IReadOnlyList<Volume> List()
    {
        List<Volume> volumes = [];
        foreach (var entry in FileTree.List(paths.Volumes))
        {
            var name = entry.Name.ToString();
            if (name.StartsWith(RemovingPrefix, StringComparison.Ordinal))
            {
                Delete(paths.Volumes + "/" + name);
            }
            else if (TryFindWhole(name) is { } volume)
            {
                volumes.Add(volume);
            }
        }

        volumes.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return volumes;
    }

    /// <summary>The containers that use a volume, running or not, and those that may: whose record is damaged.</summary>
    /// <param name="name">Name of the volume.</param>
    /// <returns>Their ids.</returns>
    public IReadOnlyList<string> UsersOf(string name)
    {
        List<string> users = [];
        foreach (var record in containers.WholeRecords())
        {
            foreach (var mount in record.Mounts)
            {
                if (mount.Name == name)
                {
                    users.Add(record.Id);
                    break;
                }
            }
        }

        users.AddRange(containers.Damaged());
        return users;
    }

    /// <summary>Removes a volume and its content.</summary>
    /// <param name="name">Name.</param>
    /// <param name="force">A volume that is not there is no error.</param>
    /// <exception cref="SampanException">NotFound: there is none. Conflict: a container uses it.</exception>
    public void Remove(string name, bool force = false)
    {
        using var held = Lock();
        RemoveLocked(name, force);
    }

    /// <summary>Removes volumes that were made for one container; one that another container uses by its name stays.</summary>
    internal void RemoveAnonymous(IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            using var held = Lock();
            RemoveLocked(names);
        }
    }

    /// <summary>The same, under the lock the caller holds.</summary>
    internal void RemoveLocked(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            try
            {
                RemoveLocked(name, force: true);
            }
            catch (SampanException exception) when (exception.Kind == ErrorKind.Conflict)
            {
                continue;
            }
        }
    }

    /// <summary>Removes volumes no container uses, as docker volume prune.</summary>
    /// <param name="all">Those with a name too, not only anonymous ones.</param>
    /// <param name="wanted">Which of them.</param>
    /// <returns>Names and sizes of what was removed.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<(string Name, long Size)> Prune(bool all, Func<Volume, bool> wanted)
    {
        using var held = Lock();
        List<(string Name, long Size)> removed = [];
        foreach (var volume in List())
        {
            if ((all || volume.IsAnonymous) && wanted(volume) && UsersOf(volume.Name).Count == 0)
            {
                var size = TreeSize.Of(volume.Mountpoint);
                RemoveLocked(volume.Name, force: true);
                removed.Add((volume.Name, size));
            }
        }

        return removed;
    }

    private Volume? TryFindWhole(string name)
    {
        try
        {
            return TryFind(name);
        }
        catch (SampanException exception) when (exception.Kind == ErrorKind.Internal)
        {
            return null;
        }
    }

    private void RemoveLocked(string name, bool force)
    {
        // Asked of the record's name, not its content: a damaged volume can be removed.
        if (!IsValid(name) || !Entries.Exists(DirectoryOf(name) + "/" + RecordName))
        {
            if (force)
            {
                return;
            }

            throw SampanException.NotFound($"get {name}: no such volume");
        }

        var users = UsersOf(name);
        if (users.Count > 0)
        {
            var damaged = containers.Damaged();
            throw SampanException.Conflict(users.Count > damaged.Count
                ? $"remove {name}: volume is in use - [{string.Join(", ", users)}]"
                : $"remove {name}: volume may be in use by container {damaged[0]}, whose record is damaged: remove that container with rm -f, or restore its container.json");
        }

        var removing = paths.Volumes + "/" + RemovingPrefix + name;
        Entries.Rename(DirectoryOf(name), removing);
        Delete(removing);
        Tell("destroy", name);
    }

    private void Tell(string action, string name) =>
        new EventJournal(paths).Write("volume", action, name, new Dictionary<string, string>(StringComparer.Ordinal) { ["driver"] = "local" });

    /// <summary>Held from the making of a container's volumes until its record names them: meanwhile none is removed.</summary>
    internal FileLock Lock()
    {
        Entries.MakeDirectory(paths.Volumes, Entries.PassableDirectory);
        return FileLock.Acquire(paths.Root + "/volumes.lock");
    }

    /// <summary>The volume <see cref="Create"/> would make or find; nothing is made.</summary>
    internal Volume Foresee(VolumeCreateRequest request)
    {
        var name = string.IsNullOrEmpty(request.Name) ? ContainerId.Generate() : request.Name;
        return new Volume(new VolumeRecord { Name = name }, DirectoryOf(name) + "/_data");
    }

    /// <exception cref="SampanException">InvalidArgument, in docker's words.</exception>
    internal static void Validate(string name)
    {
        if (name.Length == 1)
        {
            throw SampanException.InvalidArgument($"create {name}: volume name is too short, names should be at least two alphanumeric characters");
        }

        if (!IsValid(name))
        {
            throw SampanException.InvalidArgument(
                $"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path");
        }
    }

    private static bool IsValid(string name) =>
        name.Length > 1 && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    private static void Fill(string directory, VolumeRecord record)
    {
        Entries.MakeDirectory(directory + "/_data", Entries.PublicDirectory);
        RecordFile.Replace(directory + "/" + RecordName, EngineJson.VolumeRecord.ToBytes(record), durable: true);
    }

    /// <summary>
    /// Under a name that says it is to go, and with the lock of who does what is to be done with it: a maker that dies leaves what the next
    /// listing deletes.
    /// </summary>
    private void MakeWhole(string directory, VolumeRecord record)
    {
        while (true)
        {
            var making = paths.Volumes + "/" + RemovingPrefix + ContainerId.Generate();
            Entries.MakeDirectory(making, Entries.PassableDirectory);
            using var held = FileDescriptor.TryOpen(making, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            if (held is null || !DirectoryLock.TryTake(held) || FileDescriptor.TryStatus(making) is null)
            {
                // A listing came between.
                continue;
            }

            Fill(making, record);
            Entries.Rename(making, directory);
            return;
        }
    }

    private static void Delete(string removing)
    {
        using var directory = FileDescriptor.TryOpen(removing, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (directory is not null && DirectoryLock.TryTake(directory))
        {
            FileTree.Remove(removing);
        }
    }

    private static Dictionary<string, string> WithAnonymousLabel(IReadOnlyDictionary<string, string>? labels)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels ?? all)
        {
            all[name] = value;
        }

        all[Volume.AnonymousLabel] = "";
        return all;
    }

    private string DirectoryOf(string name) => paths.Volumes + "/" + name;
}

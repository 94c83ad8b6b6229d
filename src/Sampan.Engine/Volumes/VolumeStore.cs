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
public sealed partial class VolumeStore(EnginePaths paths, ContainerStore containers)
{
    private const string RecordName = "volume.json";
    private const string RemovingPrefix = ".removing-";

    private static SearchValues<char> NameCharacters { get; } =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

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
            throw new SampanException(
                ErrorKind.Internal,
                $"the record of volume {name} is damaged: remove {DirectoryOf(name)}/{RecordName} and create the volume again; its data stays",
                exception);
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

    private void Tell(string action, string name) =>
        new EventJournal(paths).Write("volume", action, name, new Dictionary<string, string>(StringComparer.Ordinal) { ["driver"] = "local" });

    /// <summary>Held from the making of a container's volumes until its record names them: meanwhile none is removed.</summary>
    internal FileLock Lock()
    {
        Entries.MakeDirectory(paths.Volumes, Entries.PassableDirectory);
        return FileLock.Acquire(paths.Root + "/volumes.lock");
    }

    private static bool IsValid(string name) =>
        name.Length > 1 && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    private string DirectoryOf(string name) => paths.Volumes + "/" + name;
}

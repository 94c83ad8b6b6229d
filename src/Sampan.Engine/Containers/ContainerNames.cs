using Sampan.Engine.Monitors;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Containers;

/// <summary>
/// Who has which name: names/NAME is a symbolic link to ../containers/ID. Making a link is atomic, content and all, and fails where the
/// name is there: that is what makes names unique. A link whose container is not there was left by a crash; only under the lock of the
/// names may a link be judged stale or removed, so that nobody removes the link of who came after.
/// </summary>
internal sealed class ContainerNames(EnginePaths paths)
{
    private const string Target = "../containers/";
    private const string RenamedMark = "/renamed";
    private const int OwnerOnly = 0x180;

    /// <exception cref="SampanException">InvalidArgument, in docker's words.</exception>
    public static void Validate(string name)
    {
        if (name.Length < 2 || !char.IsAsciiLetterOrDigit(name[0]) || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw SampanException.InvalidArgument($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
    }

    /// <summary>Takes a name for a container that is being created.</summary>
    /// <exception cref="SampanException">Conflict, in docker's words.</exception>
    public void Take(string name, string id)
    {
        while (TryTake(name, id) is { } owner)
        {
            if (!ReleaseStale(name, owner))
            {
                throw Taken(name, owner);
            }
        }
    }

    /// <summary>Takes a name nobody has.</summary>
    public string TakeRandom(string id)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = RandomName.Next(attempt);
            if (TryTake(name, id) is null)
            {
                return name;
            }
        }
    }

    /// <summary>The id a name stands for, or null.</summary>
    public string? Find(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return null;
        }

        using var directory = FileDescriptor.TryOpen(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        return directory is null ? null : ReadOwner(directory, name);
    }

    /// <summary>A name of a container, or null.</summary>
    public string? FindOf(string id)
    {
        using var directory = FileDescriptor.TryOpen(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        foreach (var entry in directory is null ? [] : FileTree.List(paths.Names))
        {
            if (ReadOwner(directory!, entry.Name.ToString()) == id)
            {
                return entry.Name.ToString();
            }
        }

        return null;
    }

    /// <summary>Changes a container's record, the only one who does.</summary>
    /// <param name="container">Which; gets the new record.</param>
    /// <param name="change">Makes the new one of what is on disk.</param>
    /// <exception cref="SampanException">NotFound: it is gone. What <paramref name="change"/> refuses.</exception>
    public void Rewrite(Container container, Func<ContainerRecord, ContainerRecord> change)
    {
        using var held = Lock();
        Replace(container, change(ReadOrGone(container)));
    }

    /// <summary>
    /// Gives a container another name. It has both until its record is written: who looks one up believes the record, and a name no
    /// record has is anybody's.
    /// </summary>
    /// <param name="container">Which; gets the new record.</param>
    /// <param name="name">The name.</param>
    /// <returns>The old name.</returns>
    /// <exception cref="SampanException">Conflict: the name is taken. NotFound: the container is gone.</exception>
    public string Rename(Container container, string name)
    {
        using var held = Lock();
        var record = ReadOrGone(container);
        if (record.Name == name)
        {
            throw SampanException.InvalidArgument("Renaming a container with the same name as its current name");
        }

        Mark(container);
        while (TryTake(name, container.Id) is { } owner)
        {
            if (!ReleaseStaleLocked(name, owner))
            {
                throw Taken(name, owner);
            }
        }

        using var directory = FileDescriptor.Open(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        try
        {
            Replace(container, record with { Name = name });
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            directory.Unlink(name);
            throw;
        }

        if (ReadOwner(directory, record.Name) == container.Id)
        {
            directory.Unlink(record.Name);
        }

        return record.Name;
    }

    /// <summary>Whether a name is what it should be, a link.</summary>
    public bool IsLink(string name) => FileDescriptor.TryStatus(paths.Names + "/" + name) is { Type: FileType.SymbolicLink };

    /// <summary>Takes away what has a name and is no link: nobody's.</summary>
    public void RemoveDamaged(string name)
    {
        using var held = Lock();
        if (!IsLink(name))
        {
            FileTree.Remove(paths.Names + "/" + name);
        }
    }

    /// <summary>
    /// Gives back the names of a container that is going. One that was renamed may have more than its record says, since a rename may have
    /// been cut short, and another than who removes it knows.
    /// </summary>
    /// <param name="record">Its record.</param>
    /// <param name="directory">Its directory, whatever that is called now.</param>
    public void ReleaseOf(ContainerRecord record, string directory)
    {
        if (Entries.Exists(directory + RenamedMark))
        {
            ReleaseAllOf(record.Id);
        }
        else
        {
            Release(record.Name, record.Id);
        }
    }

    /// <summary>Gives a name back, if it is still this container's.</summary>
    public void Release(string name, string id)
    {
        using var held = Lock();
        using var directory = FileDescriptor.Open(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        if (ReadOwner(directory, name) == id)
        {
            directory.Unlink(name);
        }
    }

    /// <summary>Gives back every name of a container that is going: a crash may have come between taking and recording it.</summary>
    public void ReleaseAllOf(string id)
    {
        using var held = Lock();
        using var directory = FileDescriptor.Open(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        foreach (var entry in FileTree.List(paths.Names))
        {
            var name = entry.Name.ToString();
            if (ReadOwner(directory, name) == id)
            {
                directory.Unlink(name);
            }
        }
    }

    private static System.Buffers.SearchValues<char> NameCharacters { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private static void Mark(Container container)
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow;
        using var mark = FileDescriptor.TryOpen(container.Directory + RenamedMark, flags, OwnerOnly) ?? throw Gone(container);
    }

    private static string? ReadOwner(FileDescriptor directory, string name)
    {
        if (directory.TryStatusAt(name)?.Type != FileType.SymbolicLink)
        {
            return null;
        }

        try
        {
            var target = directory.ReadLink(name).ToString();
            return target.StartsWith(Target, StringComparison.Ordinal) ? target[Target.Length..] : target;
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private static SampanException Taken(string name, string owner) => SampanException.Conflict(
        $"Conflict. The container name \"/{name}\" is already in use by container \"{owner}\". You have to remove (or rename) that container to be able to reuse that name.");

    private static ContainerRecord ReadOrGone(Container container) =>
        ContainerStore.TryReadRecord(container.Directory, container.Id) ?? throw Gone(container);

    private static SampanException Gone(Container container) => SampanException.NotFound($"No such container: {container.Name}");

    private static void Replace(Container container, ContainerRecord record)
    {
        try
        {
            ContainerStore.Write(container.Directory, record, durable: !record.HostConfig.AutoRemove);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENOENT)
        {
            throw Gone(container);
        }

        container.Record = record;
    }

    private FileLock Lock() => FileLock.Acquire(paths.Root + "/names.lock");

    /// <returns>Null when the name was taken, else who has it.</returns>
    private string? TryTake(string name, string id)
    {
        using var directory = FileDescriptor.Open(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        while (!directory.TryMakeSymbolicLink(name, Target + id))
        {
            if (ReadOwner(directory, name) is { } owner)
            {
                return owner;
            }

            if (directory.TryStatusAt(name) is { Type: not FileType.SymbolicLink })
            {
                throw SampanException.Conflict($"{paths.Names}/{name} is damaged: it is no link to a container, remove it with system check --repair");
            }
        }

        return null;
    }

    private bool ReleaseStale(string name, string owner)
    {
        using var held = Lock();
        return ReleaseStaleLocked(name, owner);
    }

    private bool ReleaseStaleLocked(string name, string owner)
    {
        // In this order: a creation ends by renaming the first into the second.
        if (MonitorLock.IsHeld(ContainerDirectory.Creating(paths, owner)))
        {
            return false;
        }

        // A container has a name its record does not say where a rename was cut short.
        if (Entries.Exists(paths.Container(owner)) && (ContainerStore.TryReadWholeRecord(paths.Container(owner), owner) is not { } record || record.Name == name))
        {
            return false;
        }

        using var directory = FileDescriptor.Open(paths.Names, OpenFlags.Path | OpenFlags.Directory);
        if (ReadOwner(directory, name) == owner)
        {
            directory.Unlink(name);
        }

        return true;
    }
}

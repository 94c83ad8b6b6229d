using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Events;

/// <summary>
/// What happens, in the order in which it is written down, by whoever does it: a line for each event at the end of one file, appended by a
/// single write(2), so that lines of several processes do not mix. Of this boot, and bounded: the file and the one before it.
/// </summary>
/// <param name="paths">Where the state is.</param>
public sealed class EventJournal(EnginePaths paths)
{
    private const int OwnerOnly = 0x180;
    private const long MaximumLength = 4 << 20;
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The file; the one before it ends in .1.</summary>
    internal string Path => paths.State + "/events.jsonl";

    /// <summary>Writes down that something happened. What cannot be written is left out: no object suffers for its history.</summary>
    /// <param name="type">container, image, network or volume.</param>
    /// <param name="action">What.</param>
    /// <param name="id">To which.</param>
    /// <param name="attributes">What else is said; null is nothing.</param>
    public void Write(string type, string action, string id, IReadOnlyDictionary<string, string>? attributes = null)
    {
        var line = EventLine.Format(new EngineEvent { Type = type, Action = action, Id = id, Attributes = attributes ?? Nothing, Time = DateTimeOffset.UtcNow });
        try
        {
            using var file = Open();
            if (file.TryWrite(line) > 0 && file.Seek(0, SeekOrigin.Current) > MaximumLength)
            {
                Rotate(file);
            }
        }
        catch (Exception problem) when (problem is LinuxException or SampanException)
        {
            // A full disk, or no journal at all where it should be: who reads it is told, who only writes goes on.
            return;
        }
    }

    /// <summary>The same of a container.</summary>
    /// <param name="container">Its record: labels, image and name are said too.</param>
    /// <param name="action">What.</param>
    /// <param name="more">Names and values of what else is said.</param>
    internal void Write(ContainerRecord container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var attributes = new Dictionary<string, string>(container.Config.Labels, StringComparer.Ordinal)
        {
            ["image"] = container.HostConfig.Rootfs ?? container.Config.Image,
            ["name"] = container.Name,
        };
        foreach (var (name, value) in more)
        {
            attributes[name] = value;
        }

        Write("container", action, container.Id, attributes);
    }

    /// <summary>That a container began, or ended, to use its volumes.</summary>
    /// <param name="container">Its record.</param>
    /// <param name="mounted">It began.</param>
    internal void WriteVolumes(ContainerRecord container, bool mounted)
    {
        foreach (var mount in container.Mounts)
        {
            if (mount is not { Type: "volume", Name: { } name })
            {
                continue;
            }

            var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["container"] = container.Id, ["driver"] = "local" };
            if (mounted)
            {
                attributes["destination"] = mount.Destination;
                attributes["propagation"] = mount.Propagation;
                attributes["read/write"] = mount.RW ? "true" : "false";
            }

            Write("volume", mounted ? "mount" : "unmount", name, attributes);
        }
    }

    private FileDescriptor Open()
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create;
        if (FileDescriptor.TryOpenRegular(Path, flags, OwnerOnly) is { } file)
        {
            return file;
        }

        Entries.MakeDirectory(paths.State, Entries.PassableDirectory);
        return FileDescriptor.TryOpenRegular(Path, flags, OwnerOnly) ?? throw new LinuxException(Errno.ENOENT, "open", Path);
    }

    /// <summary>One of those who see that it is full renames it, and only while the name is still that of the full file.</summary>
    private void Rotate(FileDescriptor full)
    {
        using var turn = FileLock.TryAcquire(paths.State + "/events.lock");
        if (turn is not null && FileDescriptor.TryStatus(Path) is { } status && status.IsSameFile(full.Status()))
        {
            Entries.Rename(Path, Logs.LogFiles.Rotated(Path, 1));
        }
    }
}

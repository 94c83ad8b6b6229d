using System.Text.Json;
using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>
/// A change of a running container's mounts and devices that is under way: change.json in its run directory, with the record as it was before. The
/// process that makes the change marks the file as its last act, when all is done and it had leave to let it stay. Where a monitor was killed and the
/// mark is missing, that process took everything back, and whoever comes next puts the record back too.
/// </summary>
/// <remarks>That process has the monitor's lock open as well: who gets the lock finds it gone, and the mark there or not for good.</remarks>
public sealed record PendingChange
{
    private const string Name = "/change.json";
    private const byte Mark = (byte)'+';

    /// <summary>The record before.</summary>
    public ContainerRecord Before { get; set; } = new();

    /// <summary>Volumes that were made for the change alone.</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; set; } = [];

    /// <summary>Notes that a change begins.</summary>
    /// <param name="runDirectory">The container's.</param>
    /// <returns>Where the process that makes it puts its mark: the first byte.</returns>
    /// <exception cref="Linux.LinuxException">It cannot be written.</exception>
    internal FileDescriptor Begin(string runDirectory)
    {
        // Before JSON stands white space, which the mark takes the place of: nothing has to be allocated for it.
        RecordFile.Replace(runDirectory + Name, [(byte)' ', .. EngineJson.PendingChange.ToBytes(this)], durable: false);
        return FileDescriptor.Open(runDirectory + Name, OpenFlags.WriteOnly);
    }

    /// <summary>Puts the mark: all is done.</summary>
    /// <param name="file">What <see cref="Begin"/> returned.</param>
    internal static void Finish(FileDescriptor file) => file.WriteAll([Mark]);

    /// <summary>Reads what a monitor that died left.</summary>
    /// <param name="runDirectory">The container's.</param>
    /// <returns>A change that was taken back; null where none was under way, or one that stayed.</returns>
    internal static PendingChange? TryReadTakenBack(string runDirectory)
    {
        if (RecordFile.TryRead(runDirectory + Name) is not { } bytes || IsMarked(bytes))
        {
            return null;
        }

        try
        {
            return EngineJson.PendingChange.Parse(bytes);
        }
        catch (JsonException)
        {
            // Damaged by hand: nobody knows what it was about.
            return null;
        }
    }

    /// <summary>Whether the process that made the change came to its end.</summary>
    /// <param name="runDirectory">The container's.</param>
    internal static bool IsDone(string runDirectory) => RecordFile.TryRead(runDirectory + Name) is { } bytes && IsMarked(bytes);

    /// <summary>It is over, one way or the other.</summary>
    /// <param name="runDirectory">The container's.</param>
    internal static void Forget(string runDirectory) => Entries.RemoveFile(runDirectory + Name);

    /// <summary>Gives a container the record back that it had; a rename meanwhile stays.</summary>
    /// <param name="container">Which; gets the record.</param>
    /// <param name="names">Who writes records.</param>
    /// <exception cref="Linux.SampanException">NotFound: it is gone.</exception>
    internal void PutBack(Container container, ContainerNames names) => names.Rewrite(container, now => Before with { Name = now.Name });

    private static bool IsMarked(byte[] bytes) => bytes is [Mark, ..];
}

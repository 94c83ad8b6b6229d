using Sampan.Engine.Storage;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>Where a monitor listens: a socket in the container's run directory.</summary>
internal static class MonitorSocket
{
    public const string Name = "monitor.sock";

    /// <summary>
    /// Says that a monitor will listen here soon: where the dead socket is gone, or somebody has put something else there, an empty file that nobody listens at
    /// takes the place, which <see cref="UnreachableMonitor"/> knows. The caller holds the container's lock.
    /// </summary>
    /// <param name="runDirectory">Where.</param>
    /// <param name="number">What <see cref="NumberOf"/> said of the dead one.</param>
    /// <exception cref="Linux.LinuxException">It cannot be made.</exception>
    public static void Announce(string runDirectory, long number)
    {
        var path = runDirectory + "/" + Name;
        var there = FileDescriptor.TryStatus(path);
        if (there is { Type: FileType.Socket } && (long)there.Value.Inode == number)
        {
            return;
        }

        // Not even a link, or a directory, is in the way of what is renamed to this place.
        Entries.MakeDirectory(runDirectory, Entries.PrivateDirectory);
        if (there is not null)
        {
            FileTree.Remove(path);
        }

        FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, 0x180).Dispose();
    }

    /// <summary>What tells the socket that is there from what somebody puts in its place; 0 where there is none.</summary>
    public static long NumberOf(string runDirectory) => (long)(FileDescriptor.TryStatus(runDirectory + "/" + Name)?.Inode ?? 0);

    /// <summary>Whether a monitor listens.</summary>
    public static bool Answers(string runDirectory)
    {
        using var answer = TryConnect(runDirectory);
        return answer is not null;
    }

    /// <returns>Null when no monitor listens.</returns>
    public static MonitorConnection? TryConnect(string runDirectory)
    {
        using var directory = FileDescriptor.TryOpen(runDirectory, OpenFlags.Path | OpenFlags.Directory);
        var socket = directory is null ? null : UnixSocket.TryConnect(directory, Name);
        return socket is null ? null : new MonitorConnection(socket);
    }
}

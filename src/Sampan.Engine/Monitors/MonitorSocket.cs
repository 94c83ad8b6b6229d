using Sampan.Engine.Storage;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>Where a monitor listens: a socket in the container's run directory.</summary>
internal static class MonitorSocket
{
    public const string Name = "monitor.sock";

    /// <summary>Says that a monitor will listen here soon: where the dead socket is gone, a file that nobody listens at takes its place.</summary>
    /// <exception cref="Linux.LinuxException">It cannot be made.</exception>
    public static void Announce(string runDirectory)
    {
        if (!IsThere(runDirectory))
        {
            Entries.MakeDirectory(runDirectory, Entries.PrivateDirectory);
            FileDescriptor.Open(runDirectory + "/" + Name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow, 0x180).Dispose();
        }
    }

    /// <summary>Whether there is one, of a monitor that lives, of one that has died, or of one to come.</summary>
    public static bool IsThere(string runDirectory) => Entries.Exists(runDirectory + "/" + Name);

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

using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>Where a monitor listens: a socket in the container's run directory.</summary>
internal static class MonitorSocket
{
    public const string Name = "monitor.sock";

    /// <returns>Null when no monitor listens.</returns>
    public static MonitorConnection? TryConnect(string runDirectory)
    {
        using var directory = FileDescriptor.TryOpen(runDirectory, OpenFlags.Path | OpenFlags.Directory);
        var socket = directory is null ? null : UnixSocket.TryConnect(directory, Name);
        return socket is null ? null : new MonitorConnection(socket);
    }
}

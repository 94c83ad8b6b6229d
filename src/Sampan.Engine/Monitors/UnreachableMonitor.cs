using System.Globalization;
using System.Text;
using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Monitors;

/// <summary>
/// A monitor that lives and whose socket somebody has removed, or put something else in the place of: nobody can ask it for anything any more. It is as
/// good as dead, and is treated as one that is: it is ended, and the next one takes over.
/// </summary>
internal static class UnreachableMonitor
{
    private const int SigKill = 9;

    // Who dies closes his descriptors at once; more is a machine that does nothing else.
    private const int LastMilliseconds = 10_000;

    /// <summary>Whether a container that runs has such a monitor. One that is just taking over, or about to go, is none.</summary>
    /// <param name="container">Which.</param>
    public static bool Is(Container container)
    {
        if (StateFile.ReadRecorded(container.Directory) is not { Running: true, Pid: > 0, SocketNumber: not 0 } state
            || !ProcessStatus.Runs(state.Pid, state.PidStartTime) || !MonitorLock.IsHeld(container.Directory))
        {
            return false;
        }

        // The socket of the monitor before stays until the next one's takes its place, which listens by then.
        return FileDescriptor.TryStatus(container.RunDirectory + "/" + MonitorSocket.Name) is var status
            && status?.Inode != (ulong)state.SocketNumber
            && status is not { Type: FileType.Regular, Size: 0 }
            && !MonitorSocket.Answers(container.RunDirectory);
    }

    /// <summary>Ends it and waits until it has ended: its lock is free then, or another's who has taken over.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="container">Which; <see cref="Is"/> was true of it.</param>
    /// <returns>False when somebody else had ended it.</returns>
    /// <exception cref="SampanException">Unavailable: no process of this host is it.</exception>
    public static bool End(EnginePaths paths, Container container)
    {
        using var monitor = Find(container.Directory, MonitorLauncher.Arguments(paths, container.Id));
        if (monitor is not null)
        {
            ChildProcess.Kill(monitor, SigKill);
            Poll.Wait(monitor.Number, EpollEvents.Readable);
            return true;
        }

        // One that somebody has just killed has no command line any more, and holds the lock until its descriptors are closed.
        return MonitorLock.TryWaitWhile(container.Directory, LastMilliseconds, () => Is(container))
            ? false
            : throw SampanException.Unavailable(
                $"the monitor of container {container.Name} runs and {container.RunDirectory} has no socket of it: kill the monitor, the next command starts another");
    }

    /// <summary>By its command line, which anybody can have, and by the lock, which is its alone.</summary>
    private static FileDescriptor? Find(string containerDirectory, IReadOnlyList<string> arguments)
    {
        var wanted = Encoding.UTF8.GetBytes(string.Join('\0', arguments) + '\0');
        foreach (var entry in FileTree.List("/proc"))
        {
            if (int.TryParse(entry.Name.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && FileTree.TryRead($"/proc/{pid}/cmdline") is { } line && line.AsSpan().SequenceEqual(wanted)
                && ForeignProcess.TryOpen(pid, ProcessStatus.StartTime(pid)) is { } process)
            {
                if (MonitorLock.IsHeldBy(containerDirectory, pid))
                {
                    return process;
                }

                process.Dispose();
            }
        }

        return null;
    }
}

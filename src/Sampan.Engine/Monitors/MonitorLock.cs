using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Monitors;

/// <summary>
/// The lock a container's monitor holds all its life, on monitor.lock in the container's directory. An open file description lock
/// (fcntl(2), F_OFD_SETLK): it passes to the monitor with the descriptor, so that from create to exit there is no moment without an
/// owner, and others can ask who holds it without taking it.
/// </summary>
internal static unsafe class MonitorLock
{
    private const int OfdGetLock = 36;
    private const int OfdSetLock = 37;
    private const short WriteLock = 1;
    private const short Unlocked = 2;
    private const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.Create;
    private const int OwnerOnly = 0x180;

    public static string PathOf(string containerDirectory) => containerDirectory + "/monitor.lock";

    /// <summary>Takes the lock; null when somebody holds it.</summary>
    /// <exception cref="SampanException">NotFound: the container is gone.</exception>
    public static FileDescriptor? TryTake(string containerDirectory)
    {
        var hold = TryTakeIn(containerDirectory);
        return hold is null || StillThere(containerDirectory, hold) ? hold : throw Gone(containerDirectory, hold);
    }

    /// <summary>The same for a directory that may vanish meanwhile: null then too.</summary>
    public static FileDescriptor? TryTakeIn(string containerDirectory)
    {
        var file = TryOpen(containerDirectory);
        if (file is null)
        {
            return null;
        }

        var result = Control(file, OfdSetLock, WriteLock);
        if (result >= 0)
        {
            return file;
        }

        file.Dispose();
        if (result is not (-(int)Errno.EAGAIN or -(int)Errno.EACCES))
        {
            Kernel.Check(result, "lock", containerDirectory);
        }

        return null;
    }

    /// <summary>
    /// Takes the lock once nobody holds it, or tells that its holder's container runs. Who holds it meanwhile is starting, or has said its
    /// last word and is on its way out; either ends with an event: a new state.json, or the lock file closed for the last time.
    /// </summary>
    /// <param name="containerDirectory">The container's directory.</param>
    /// <param name="runDirectory">Where its monitor listens.</param>
    /// <returns>The lock; null when the container runs.</returns>
    /// <exception cref="SampanException">NotFound: the container is gone.</exception>
    public static FileDescriptor? TakeUnlessRunning(string containerDirectory, string runDirectory)
    {
        // One descriptor for all tries: to close one would be an event of this very wait.
        var file = TryOpen(containerDirectory) ?? throw Gone(containerDirectory, null);
        try
        {
            using var inotify = new Inotify();
            WatchOrGone(inotify, containerDirectory, containerDirectory, InotifyEvents.MovedTo, file);
            WatchOrGone(inotify, PathOf(containerDirectory), containerDirectory, InotifyEvents.ClosedAfterWriting, file);
            while (true)
            {
                var result = Control(file, OfdSetLock, WriteLock);
                if (result >= 0)
                {
                    return StillThere(containerDirectory, file) ? file : throw Gone(containerDirectory, file);
                }

                if (result is not (-(int)Errno.EAGAIN or -(int)Errno.EACCES))
                {
                    Kernel.Check(result, "lock", containerDirectory);
                }

                // A damaged record says neither: whoever holds the lock may run for ever, and is to be asked. So is one that listens already, where
                // the record is missing: it has just started, or somebody has removed the file.
                if (StateFile.TryReadRecorded(containerDirectory) is null or { Running: true }
                    || (!Entries.Exists(StateFile.PathOf(containerDirectory)) && MonitorSocket.Answers(runDirectory)))
                {
                    file.Dispose();
                    return null;
                }

                Poll.Wait(inotify.Descriptor.Number, EpollEvents.Readable);
                inotify.Drain();
            }
        }
        catch (LinuxException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Waits while something holds that a new state.json, or the death of the monitor, will end.</summary>
    /// <param name="containerDirectory">The container's directory.</param>
    /// <param name="holds">Whether it still holds.</param>
    /// <exception cref="SampanException">NotFound: the container is gone.</exception>
    public static void WaitWhile(string containerDirectory, Func<bool> holds) => _ = TryWaitWhile(containerDirectory, Timeout.Infinite, holds);

    /// <summary>The same, but not for ever.</summary>
    /// <param name="containerDirectory">The container's directory.</param>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <param name="holds">Whether it still holds.</param>
    /// <returns>False when it holds still.</returns>
    /// <exception cref="SampanException">NotFound: the container is gone.</exception>
    public static bool TryWaitWhile(string containerDirectory, int milliseconds, Func<bool> holds)
    {
        using var file = FileDescriptor.TryOpenRegular(PathOf(containerDirectory), OpenFlags.ReadOnly, 0, out _) ?? throw Gone(containerDirectory, null);
        using var inotify = new Inotify();
        WatchOrGone(inotify, containerDirectory, containerDirectory, InotifyEvents.MovedTo, file);
        WatchOrGone(inotify, PathOf(containerDirectory), containerDirectory, InotifyEvents.ClosedAfterWriting, file);
        var until = Environment.TickCount64 + milliseconds;
        while (holds())
        {
            var left = milliseconds < 0 ? milliseconds : (int)(until - Environment.TickCount64);
            if (milliseconds >= 0 && left <= 0)
            {
                return false;
            }

            Poll.Wait(inotify.Descriptor.Number, EpollEvents.Readable, left);
            inotify.Drain();
        }

        return true;
    }

    /// <summary>Whether a process has the descriptor that the lock goes with (proc_pid_fdinfo(5)).</summary>
    /// <param name="containerDirectory">Of the container.</param>
    /// <param name="pid">Number of the process.</param>
    public static bool IsHeldBy(string containerDirectory, int pid)
    {
        if (FileDescriptor.TryStatus(PathOf(containerDirectory)) is not { } file)
        {
            return false;
        }

        // "lock:  1: OFDLCK  ADVISORY  WRITE -1 fe:00:1234 0 EOF"
        var inode = string.Create(CultureInfo.InvariantCulture, $":{file.Inode} ");
        foreach (var entry in FileTree.List($"/proc/{pid}/fdinfo"))
        {
            if (FileTree.TryRead($"/proc/{pid}/fdinfo/{entry.Name}") is { } bytes && Encoding.ASCII.GetString(bytes) is var text
                && text.Contains("OFDLCK", StringComparison.Ordinal) && text.Contains(inode, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks whether anybody holds the lock; takes nothing, and is no event to who waits for its release.</summary>
    public static bool IsHeld(string containerDirectory)
    {
        using var file = FileDescriptor.TryOpenRegular(PathOf(containerDirectory), OpenFlags.ReadOnly, 0, out _);
        if (file is null)
        {
            return false;
        }

        var region = new LockRegion { Type = WriteLock };
        Kernel.Check(Kernel.Call(SystemCall.Fcntl, file.Number, OfdGetLock, (nint)(&region)), "ask for the lock of", containerDirectory);
        return region.Type != Unlocked;
    }

    // Nobody can hold what is no file: it is damage, and must not keep its container from being removed.
    private static FileDescriptor? TryOpen(string containerDirectory)
    {
        var path = PathOf(containerDirectory);
        var file = FileDescriptor.TryOpenRegular(path, Flags, OwnerOnly, out var isOther);
        return isOther && FileTree.Remove(path) ? FileDescriptor.TryOpenRegular(path, Flags, OwnerOnly, out _) : file;
    }

    // Who removed the container held the lock while renaming its directory away: a lock taken after that is on a file without a path.
    private static bool StillThere(string containerDirectory, FileDescriptor file) =>
        FileDescriptor.TryStatus(PathOf(containerDirectory)) is { } status && status.IsSameFile(file.Status());

    private static void WatchOrGone(Inotify inotify, string path, string containerDirectory, InotifyEvents events, FileDescriptor file)
    {
        try
        {
            inotify.Watch(path, events);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENOENT)
        {
            throw Gone(containerDirectory, file);
        }
    }

    private static SampanException Gone(string containerDirectory, FileDescriptor? file)
    {
        file?.Dispose();
        return SampanException.NotFound($"No such container: {containerDirectory[(containerDirectory.LastIndexOf('/') + 1)..]}");
    }

    private static nint Control(FileDescriptor file, int command, short type)
    {
        var region = new LockRegion { Type = type };
        return Kernel.CallBlocking(SystemCall.Fcntl, file.Number, command, (nint)(&region));
    }

    /// <summary><c>struct flock</c> on 64-bit Linux (fcntl_locking(2)); start and length 0 are the whole file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockRegion
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Owner;
    }
}

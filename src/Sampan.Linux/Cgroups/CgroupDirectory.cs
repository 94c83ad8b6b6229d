using System.Globalization;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Cgroups;

/// <summary>
/// A group in one tree: its directory and everything that is the same in both versions. A container may have made groups inside it
/// (systemd in a privileged container does), so what is killed and removed is always the whole subtree.
/// </summary>
/// <param name="path">The group's directory.</param>
internal sealed unsafe class CgroupDirectory(string path)
{
    /// <summary>The group's directory.</summary>
    public string Path => path;

    /// <summary>The path of one of its files.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>The path.</returns>
    public string File(string name) => path + "/" + name;

    /// <summary>Processes in the subtree.</summary>
    /// <returns>Process ids as this process's pid namespace numbers them.</returns>
    public List<int> Pids()
    {
        var pids = new List<int>();
        foreach (var directory in Subtree())
        {
            var text = ReadMembers(directory);
            foreach (var range in text.AsSpan().Split('\n'))
            {
                if (int.TryParse(text.AsSpan()[range], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                {
                    pids.Add(pid);
                }
            }
        }

        return pids;
    }

    /// <summary>
    /// Kills what is in the subtree where the kernel has no cgroup.kill: signals every process until none is left, since a process may
    /// fork between the read and the signal. A fork bomb is outrun because a killed parent makes no more children.
    /// </summary>
    /// <param name="deadline">CLOCK_MONOTONIC milliseconds at which to give up.</param>
    /// <returns>Whether the group is empty.</returns>
    public bool KillEach(long deadline)
    {
        while (true)
        {
            var pids = Pids();
            if (pids.Count == 0)
            {
                return true;
            }

            foreach (var pid in pids)
            {
                // ESRCH: gone already.
                _ = Kernel.Call(SystemCall.Kill, pid, 9);
            }

            if (!WaitFor(pids[0], deadline))
            {
                return false;
            }
        }
    }

    /// <summary>Removes the subtree, innermost first.</summary>
    /// <returns>None when it is gone (also when it was), EBUSY while something lives in it, or another error.</returns>
    public Errno Remove()
    {
        var errno = CgroupFile.RemoveDirectory(path);
        if (errno != Errno.EBUSY)
        {
            return errno == Errno.ENOENT ? Errno.None : errno;
        }

        var directories = Subtree();
        for (var index = directories.Count - 1; index >= 0; index--)
        {
            errno = CgroupFile.RemoveDirectory(directories[index]);
            if (errno is not Errno.None and not Errno.ENOENT)
            {
                return errno;
            }
        }

        return Errno.None;
    }

    /// <summary>Milliseconds of CLOCK_MONOTONIC.</summary>
    /// <returns>The time.</returns>
    internal static long Now()
    {
        TimeSpec time;
        _ = Libc.ClockGetTime(1, &time);
        return (time.Seconds * 1000) + (time.Nanoseconds / 1_000_000);
    }

    /// <summary>Waits until a descriptor has an event.</summary>
    /// <param name="descriptor">What to poll.</param>
    /// <param name="events">Poll events.</param>
    /// <param name="deadline">When to give up.</param>
    /// <returns>Whether it had one in time.</returns>
    internal static bool Poll(int descriptor, short events, long deadline)
    {
        var remaining = Math.Max(0, deadline - Now());
        var timeout = new TimeSpec(remaining / 1000, remaining % 1000 * 1_000_000);
        var poll = ((long)(ushort)events << 32) | (uint)descriptor;
        return Kernel.CallBlocking(SystemCall.Ppoll, (nint)(&poll), 1, (nint)(&timeout)) != 0;
    }

    /// <summary>Waits for something that has no event, a little.</summary>
    internal static void Pause()
    {
        var little = new TimeSpec(0, 200_000);
        _ = Kernel.CallBlocking(SystemCall.Ppoll, 0, 0, (nint)(&little));
    }

    // A process's exit is an event on its pidfd (pidfd_open(2)); ESRCH says it has already gone.
    private static bool WaitFor(int pid, long deadline)
    {
        var result = Kernel.Call(SystemCall.PidfdOpen, pid);
        if (result < 0)
        {
            return Now() < deadline;
        }

        using var process = new FileDescriptor((int)result);
        return Poll(process.Number, 1, deadline);
    }

    private static string? ReadMembers(string directory)
    {
        try
        {
            return CgroupFile.TryRead(directory + "/cgroup.procs");
        }
        catch (LinuxException error) when (error.Errno == Errno.EOPNOTSUPP)
        {
            // A group that a container has made threaded: its processes are listed by the group above it (cgroup-v2.rst, "Threads").
            return null;
        }
    }

    private List<string> Subtree()
    {
        var directories = new List<string> { path };
        for (var index = 0; index < directories.Count; index++)
        {
            try
            {
                directories.AddRange(Directory.EnumerateDirectories(directories[index]));
            }
            catch (DirectoryNotFoundException)
            {
                // Removed meanwhile, by its owner or by another command: it has no groups then.
            }
        }

        return directories;
    }
}

using System.Globalization;
using System.Text;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

/// <summary>
/// Further ends of pipes that are open somewhere (pipe(7), proc_pid_fd(5)). A pipe is known by its number, which no other has while it is
/// open. A descriptor of another process is looked at by what its link says and taken as it is (pidfd_getfd(2)): to open or to stat what a
/// process has open can block for as long as that process likes.
/// </summary>
public static unsafe class PipeEnd
{
    /// <summary>The pipe's number.</summary>
    /// <param name="pipe">An end of it.</param>
    /// <returns>Its inode number.</returns>
    /// <exception cref="LinuxException">statx(2) failed.</exception>
    public static long NumberOf(FileDescriptor pipe) => (long)pipe.Status().Inode;

    /// <summary>Opens an end of a pipe this process has open.</summary>
    /// <param name="pipe">An end of it.</param>
    /// <param name="flags">What the new end is for: reading, writing, or both.</param>
    /// <returns>The end.</returns>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public static FileDescriptor Open(FileDescriptor pipe, OpenFlags flags) =>
        FileDescriptor.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{pipe.Number}"), flags);

    /// <summary>Opens an end of a pipe another process has open.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="number">The pipe's number.</param>
    /// <param name="flags">What the new end is for.</param>
    /// <returns>The end; null when that process does not have the pipe, or is gone.</returns>
    /// <exception cref="LinuxException">This process may not look there (ptrace(2), "Ptrace access mode checking").</exception>
    public static FileDescriptor? TryOpen(int pid, long number, OpenFlags flags)
    {
        using var directory = FileDescriptor.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd"), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (directory is null)
        {
            return null;
        }

        var wanted = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"pipe:[{number}]"));
        foreach (var entry in Entries(directory))
        {
            if (Says(directory, entry.Name, wanted) && TryTake(pid, int.Parse(entry.Name.ToString(), CultureInfo.InvariantCulture), wanted, flags) is { } end)
            {
                return end;
            }
        }

        return null;
    }

    private static IReadOnlyList<DirectoryEntry> Entries(FileDescriptor directory)
    {
        try
        {
            return directory.ReadEntries();
        }
        catch (LinuxException problem) when (problem.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            // It has ended meanwhile.
            return [];
        }
    }

    /// <summary>What it has under that number may be another file by now: what was taken is looked at again.</summary>
    private static FileDescriptor? TryTake(int pid, int descriptor, ReadOnlySpan<byte> wanted, OpenFlags flags)
    {
        var opened = Kernel.Call(SystemCall.PidfdOpen, pid, 0);
        if (opened == -(int)Errno.ESRCH)
        {
            return null;
        }

        using var process = new FileDescriptor((int)Kernel.Check(opened, "pidfd_open", $"process {pid}"));
        var taken = Kernel.Call(SystemCall.PidfdGetfd, process.Number, descriptor, 0);
        if (taken is -(int)Errno.EBADF or -(int)Errno.ESRCH)
        {
            return null;
        }

        using var pipe = new FileDescriptor((int)Kernel.Check(taken, "pidfd_getfd", $"a pipe of process {pid}"));
        using var own = FileDescriptor.Open("/proc/self/fd", OpenFlags.ReadOnly | OpenFlags.Directory);
        return Says(own, pipe.Number.ToString(CultureInfo.InvariantCulture), wanted) ? Open(pipe, flags) : null;
    }

    private static bool Says(FileDescriptor directory, FileName name, ReadOnlySpan<byte> wanted)
    {
        Span<byte> target = stackalloc byte[64];
        nint length;
        fixed (byte* path = name.Terminated, buffer = target)
        {
            length = Kernel.Call(SystemCall.ReadlinkAt, directory.Number, (nint)path, (nint)buffer, target.Length);
        }

        // A descriptor that was closed meanwhile has no link (ENOENT).
        return length > 0 && target[..(int)length].SequenceEqual(wanted);
    }
}

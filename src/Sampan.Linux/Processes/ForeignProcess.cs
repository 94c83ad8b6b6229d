using System.Buffers.Binary;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>A process that is another's child, known by its pidfd: nobody but its parent can wait for it, yet its end can be seen and read.</summary>
public static unsafe class ForeignProcess
{
    // struct pidfd_info of Linux 6.13 (PIDFD_INFO_SIZE_VER0, include/uapi/linux/pidfd.h): mask first, exit_code last.
    private const int InfoSize = 64;
    private const int InfoExitCode = 60;

    // _IOWR(PIDFS_IOCTL_MAGIC, 11, struct pidfd_info).
    private const uint GetInfo = 0xC000_0000 | (InfoSize << 16) | (0xFF << 8) | 11;

    // PIDFD_INFO_EXIT, Linux 6.15.
    private const ulong ExitKnown = 1 << 3;

    /// <summary>Opens a process, running or ended and not reaped yet.</summary>
    /// <param name="pid">Its pid as /proc shows it.</param>
    /// <param name="startTime">Its start time (<see cref="ProcessStatus.StartTime"/>).</param>
    /// <returns>A pidfd; null when it is gone, or the number is another's by now.</returns>
    /// <exception cref="LinuxException">pidfd_open(2) failed.</exception>
    public static FileDescriptor? TryOpen(int pid, long startTime)
    {
        if (pid <= 0)
        {
            return null;
        }

        var result = Kernel.Call(SystemCall.PidfdOpen, pid, 0);

        // EINVAL and ENOENT: a thread of another process, or one whose leader has just been reaped, has the number.
        if (result is -(int)Errno.ESRCH or -(int)Errno.EINVAL or -(int)Errno.ENOENT)
        {
            return null;
        }

        var process = new FileDescriptor((int)Kernel.Check(result, "pidfd_open", $"process {pid}"));

        // Asked after the opening: while the descriptor is open the number is nobody else's, unless it was so before.
        if (startTime != 0 && ProcessStatus.StartTime(pid) == startTime)
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>Whether it has ended, all its threads.</summary>
    /// <param name="process">Its pidfd.</param>
    /// <returns>True when it has.</returns>
    /// <exception cref="LinuxException">poll(2) failed.</exception>
    public static bool HasEnded(FileDescriptor process) => Poll.Wait(process.Number, EpollEvents.Readable, 0);

    /// <summary>
    /// Reads how a process ended: from /proc while its parent has not reaped it (proc_pid_stat(5), exit_code), and from the pidfd afterwards,
    /// where the kernel keeps it (PIDFD_GET_INFO with PIDFD_INFO_EXIT, Linux 6.15) and the pidfd was opened before.
    /// </summary>
    /// <param name="process">Its pidfd.</param>
    /// <param name="pid">Its pid.</param>
    /// <param name="startTime">Its start time.</param>
    /// <returns>Its exit status, or 128 and the number of the signal that ended it; null where nobody knows.</returns>
    public static int? TryExitCode(FileDescriptor process, int pid, long startTime) =>
        ProcessStatus.TryExitStatus(pid, startTime) is { } seen ? ToCode(seen) : TryAsk(process) is { } told ? ToCode(told) : null;

    /// <summary>What the kernel keeps of a process that was reaped.</summary>
    /// <param name="process">Its pidfd.</param>
    /// <returns>Its wait status (wait(2)); null where the kernel does not tell.</returns>
    internal static int? TryAsk(FileDescriptor process)
    {
        Span<byte> info = stackalloc byte[InfoSize];
        info.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(info, ExitKnown);
        fixed (byte* pointer = info)
        {
            // ENOTTY and EINVAL of older kernels, ESRCH of those that know the call and keep no exit: all mean that it is not told.
            if (Kernel.Call(SystemCall.Ioctl, process.Number, unchecked((nint)GetInfo), (nint)pointer) < 0)
            {
                return null;
            }
        }

        return (BinaryPrimitives.ReadUInt64LittleEndian(info) & ExitKnown) != 0 ? BinaryPrimitives.ReadInt32LittleEndian(info[InfoExitCode..]) : null;
    }

    // wait(2): the low seven bits are the signal, the second byte the status.
    private static int ToCode(int status) => (status & 0x7F) is > 0 and var signal ? 128 + signal : (status >> 8) & 0xFF;
}

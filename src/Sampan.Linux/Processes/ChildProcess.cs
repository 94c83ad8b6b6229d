using System.Buffers.Binary;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>A child of this process, known by its pidfd (pidfd_open(2)).</summary>
public static unsafe class ChildProcess
{
    private const int PidFdType = 3;
    private const int AnyChild = 0;
    private const int OneChild = 1;
    private const int WaitNoHang = 1;
    private const int WaitExited = 4;
    private const int WaitLeave = 0x0100_0000;
    private const int CodeExited = 1;

    /// <summary>Waits for its end and reaps it.</summary>
    /// <param name="process">Its pidfd.</param>
    /// <returns>Its exit status, or 128 and the number of the signal that ended it.</returns>
    /// <exception cref="LinuxException">waitid(2) failed: ECHILD when it is no child, or was reaped.</exception>
    public static int Wait(FileDescriptor process)
    {
        // siginfo_t: si_signo, si_errno, si_code, padding, si_pid, si_uid, si_status (sigaction(2)).
        Span<byte> info = stackalloc byte[128];
        fixed (byte* pointer = info)
        {
            nint result;
            do
            {
                result = Kernel.CallBlocking(SystemCall.Waitid, PidFdType, process.Number, (nint)pointer, WaitExited, 0);
            }
            while (result == -(int)Errno.EINTR);
            Kernel.Check(result, "wait for", "child process");
        }

        var status = BinaryPrimitives.ReadInt32LittleEndian(info[24..]);
        return BinaryPrimitives.ReadInt32LittleEndian(info[8..]) == CodeExited ? status : 128 + status;
    }

    /// <summary>Reaps every child that has ended, but one.</summary>
    /// <param name="spared">Pid of the one whose end somebody else waits for.</param>
    /// <exception cref="LinuxException">waitid(2) failed.</exception>
    public static void ReapOthers(int spared)
    {
        Span<byte> info = stackalloc byte[128];
        fixed (byte* pointer = info)
        {
            while (true)
            {
                // Looked at and left first: the one that is spared must stay for who waits for it. It shows as long as it is not waited
                // for, so those behind it are reaped after it, when this process ends.
                info.Clear();
                var result = Kernel.Call(SystemCall.Waitid, AnyChild, 0, (nint)pointer, WaitExited | WaitNoHang | WaitLeave, 0);

                // siginfo_t: signo, errno, code, padding, then for a child its pid (sigaction(2)).
                var pid = BinaryPrimitives.ReadInt32LittleEndian(info[16..]);
                if (result == -(int)Errno.ECHILD || pid == 0 || pid == spared)
                {
                    return;
                }

                Kernel.Check(result, "wait for", "child processes");
                Kernel.Check(Kernel.Call(SystemCall.Waitid, OneChild, pid, (nint)pointer, WaitExited | WaitNoHang, 0), "reap", "child process");
            }
        }
    }

    /// <summary>Sends a signal. One that has ended already is no error.</summary>
    /// <param name="process">Its pidfd.</param>
    /// <param name="signal">The signal's number.</param>
    /// <exception cref="LinuxException">pidfd_send_signal(2) failed.</exception>
    public static void Kill(FileDescriptor process, int signal)
    {
        var result = Kernel.Call(SystemCall.PidfdSendSignal, process.Number, signal, 0, 0);
        if (result != -(int)Errno.ESRCH)
        {
            Kernel.Check(result, $"send signal {signal} to", "child process");
        }
    }
}

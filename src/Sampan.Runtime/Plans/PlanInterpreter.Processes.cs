using System.Runtime.InteropServices;
using Sampan.Linux;

namespace Sampan.Runtime.Plans;

internal static unsafe partial class PlanInterpreter
{
    private const int SignalCount = 64;
    private const int SignalSetSize = 8;
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int SigChild = 17;
    private const int PrCapbsetDrop = 24;
    private const int PrCapAmbient = 47;
    private const int PrCapAmbientRaise = 2;
    private const int PrCapAmbientClearAll = 4;
    private const int AfUnix = 1;
    private const int SockStreamCloseOnExec = 1 | OpenCloseOnExec;
    private const int SockSequencedPacketsCloseOnExec = 5 | 0x8_0000;
    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int TioCSetProcessGroup = 0x5410;
    private const int WaitNoHang = 1;
    private const int AccessExecute = 1;
    private const int AtEffectiveIds = 0x200;

    private static nint AwaitByte(PlanCalls* calls, nint descriptor)
    {
        byte value;
        var result = Call(calls->Read, descriptor, (nint)(&value), 1);
        return result == 0 ? -(int)Errno.EPIPE : result;
    }

    private static nint MakeSocketPair(PlanCalls* calls, PlanReport* report, nint first, nint second, nint packets)
    {
        var ends = stackalloc int[2];
        var result = Call(calls->SocketPair, AfUnix, packets == 0 ? SockStreamCloseOnExec : SockSequencedPacketsCloseOnExec, 0, (nint)ends);
        if (result >= 0)
        {
            report->Registers[first] = ends[0];
            report->Registers[second] = ends[1];
        }

        return result;
    }

    private static nint ResetSignals(PlanCalls* calls)
    {
        // struct kernel_sigaction: handler, flags, restorer, mask; all zero is SIG_DFL (rt_sigaction(2)).
        var action = stackalloc long[4];
        action[0] = 0;
        action[1] = 0;
        action[2] = 0;
        action[3] = 0;
        for (var signal = 1; signal <= SignalCount; signal++)
        {
            if (signal is not (SigKill or SigStop))
            {
                Call(calls->RtSigaction, signal, (nint)action, 0, SignalSetSize);
            }
        }

        return 0;
    }

    private static nint LimitBoundingSet(PlanCalls* calls, ulong keep)
    {
        for (var capability = 0; capability < 64; capability++)
        {
            if ((keep & (1UL << capability)) != 0)
            {
                continue;
            }

            var result = Call(calls->Prctl, PrCapbsetDrop, capability);
            if (result == -(int)Errno.EINVAL)
            {
                // Past the kernel's last capability.
                return 0;
            }

            if (result < 0)
            {
                return result;
            }
        }

        return 0;
    }

    private static nint SetAmbientSet(PlanCalls* calls, ulong raise)
    {
        var result = Call(calls->Prctl, PrCapAmbient, PrCapAmbientClearAll);
        for (var capability = 0; capability < 64 && result >= 0; capability++)
        {
            if ((raise & (1UL << capability)) != 0)
            {
                result = Call(calls->Prctl, PrCapAmbient, PrCapAmbientRaise, capability);
            }
        }

        return result;
    }

    private static nint SendDescriptor(PlanCalls* calls, nint socket, int descriptor)
    {
        byte payload = 0;
        var control = stackalloc byte[24];
        *(long*)control = 20;
        *(int*)(control + 8) = SolSocket;
        *(int*)(control + 12) = ScmRights;
        *(int*)(control + 16) = descriptor;
        *(int*)(control + 20) = 0;
        var vector = stackalloc nint[2];
        vector[0] = (nint)(&payload);
        vector[1] = 1;
        MessageHeader message;
        message.Name = 0;
        message.NameLength = 0;
        message.Vectors = (nint)vector;
        message.VectorCount = 1;
        message.Control = (nint)control;
        message.ControlLength = 24;
        message.Flags = 0;
        return Call(calls->SendMsg, socket, (nint)(&message), 0);
    }

    /// <summary>
    /// The container's PID 1 for --init: everything it does is reap, forward, and end as the command ends (as tini and catatonit do).
    /// Signals were blocked before, so none is lost between the fork and the wait.
    /// </summary>
    private static nint BecomeInit(PlanCalls* calls)
    {
        ulong all = ulong.MaxValue;
        ulong before = 0;
        Call(calls->RtSigprocmask, 2, (nint)(&all), (nint)(&before), SignalSetSize);

        // A plain fork by clone(2): seccomp filters answer ENOSYS to clone3(2), whose flags they cannot see.
        var command = Call(calls->Clone, SigChild);
        if (command <= 0)
        {
            if (command == 0)
            {
                LeadForegroundGroup(calls);
                Call(calls->RtSigprocmask, 2, (nint)(&before), 0, SignalSetSize);
            }

            return command;
        }

        CloseAllDescriptors(calls);
        while (true)
        {
            var signal = Call(calls->RtSigtimedwait, (nint)(&all), 0, 0, SignalSetSize);
            if (signal != SigChild)
            {
                if (signal > 0)
                {
                    Call(calls->Kill, command, signal);
                }

                continue;
            }

            while (true)
            {
                var status = 0;
                var ended = Call(calls->Wait4, -1, (nint)(&status), WaitNoHang, 0);
                if (ended <= 0)
                {
                    break;
                }

                if (ended == command)
                {
                    var signalled = status & 0x7F;
                    Exit(calls, signalled != 0 ? 128 + signalled : (status >> 8) & 0xFF);
                }
            }
        }
    }

    /// <summary>
    /// The command gets a process group of its own and, on a terminal, the foreground: ctrl-c then reaches it once, from the terminal, and
    /// not again from init.
    /// </summary>
    private static void LeadForegroundGroup(PlanCalls* calls)
    {
        Call(calls->SetPgid, 0, 0);
        var group = (int)Call(calls->GetPid);
        Call(calls->Ioctl, 0, TioCSetProcessGroup, (nint)(&group));
    }

    /// <summary>PID 1 holds no end of the container's pipes, or their readers would never see the end of file.</summary>
    private static void CloseAllDescriptors(PlanCalls* calls) => Call(calls->CloseRange, 0, int.MaxValue);

    private static nint ExecuteCommand(PlanCalls* calls, byte** candidates, nint arguments, nint environment, PlanReport* report)
    {
        nint failure = -(int)Errno.ENOENT;
        report->CommandFailure = (int)CommandFailure.NotFound;
        for (var i = 0; candidates[i] != null; i++)
        {
            var path = (nint)candidates[i];
            var result = Call(calls->Execve, path, arguments, environment);
            if (result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR)
            {
                if (Call(calls->FaccessAt2, AtFdCwd, path, 0, 0) < 0)
                {
                    continue;
                }

                report->CommandFailure = (int)CommandFailure.InterpreterMissing;
            }
            else
            {
                report->CommandFailure = (int)(result switch
                {
                    -(int)Errno.EACCES or -(int)Errno.EISDIR => CommandFailure.Denied,
                    -(int)Errno.ENOEXEC => CommandFailure.WrongFormat,
                    _ => CommandFailure.Other,
                });
            }

            failure = result;
            report->CommandCandidate = i;

            // A shell goes on along $PATH after EACCES (execvp(3)); anything else is final.
            if (result != -(int)Errno.EACCES)
            {
                break;
            }
        }

        if (report->CommandFailure != (int)CommandFailure.NotFound)
        {
            ReadHead(calls, (nint)candidates[report->CommandCandidate], report);
        }

        return failure;
    }

    /// <summary>What execve(2) would say, as far as it can be known before: so that a create fails and not the start after it.</summary>
    private static nint FindCommand(PlanCalls* calls, byte** candidates, PlanReport* report)
    {
        nint failure = -(int)Errno.ENOENT;
        report->CommandFailure = (int)CommandFailure.NotFound;
        for (var i = 0; candidates[i] != null; i++)
        {
            var path = (nint)candidates[i];
            var result = Call(calls->FaccessAt2, AtFdCwd, path, AccessExecute, AtEffectiveIds);
            if (result == 0 && !IsDirectory(calls, path))
            {
                report->CommandFailure = (int)CommandFailure.None;
                return 0;
            }

            if (result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR)
            {
                continue;
            }

            failure = result == 0 ? -(int)Errno.EISDIR : result;
            report->CommandFailure = (int)CommandFailure.Denied;
            report->CommandCandidate = i;
        }

        return failure;
    }

    private static bool IsDirectory(PlanCalls* calls, nint path)
    {
        // The trailing O_DIRECTORY asks the question without reading anything (open(2)).
        var directory = Call(calls->OpenAt, AtFdCwd, path, OpenPath | OpenCloseOnExec | calls->DirectoryFlag);
        if (directory < 0)
        {
            return false;
        }

        Call(calls->Close, directory);
        return true;
    }

    private static void ReadHead(PlanCalls* calls, nint path, PlanReport* report)
    {
        var file = Call(calls->OpenAt, AtFdCwd, path, OpenCloseOnExec | OpenNonBlocking);
        if (file < 0)
        {
            return;
        }

        var length = Call(calls->Read, file, (nint)report->CommandHead, PlanReport.HeadLength);
        report->CommandHeadLength = length < 0 ? 0 : (int)length;
        Call(calls->Close, file);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public nint Name;
        public int NameLength;
        public nint Vectors;
        public nint VectorCount;
        public nint Control;
        public nint ControlLength;
        public int Flags;
    }
}

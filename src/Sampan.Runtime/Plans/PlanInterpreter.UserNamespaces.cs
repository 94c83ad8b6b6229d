namespace Sampan.Runtime.Plans;

internal static unsafe partial class PlanInterpreter
{
    private const int CloneNewUser = 0x1000_0000;
    private const int OpenWriteOnlyCloseOnExec = 1 | OpenCloseOnExec;
    private const int PrSetPdeathsig = 1;
    private const int ProcPathLength = 48;
    private const ulong MountAttributeIdMap = 0x10_0000;

    /// <summary>
    /// A user namespace needs a process to be made by and to get its mappings through, and none to go on living. That process does nothing
    /// but wait for its end, all signals blocked: it shares the handlers of a program it is no part of.
    /// </summary>
    private static nint MakeUserNamespace(PlanCalls* calls, nint uidMap, nint uidLength, nint gidMap, nint gidLength)
    {
        var all = ulong.MaxValue;
        ulong before = 0;
        var parent = Call(calls->GetPid);
        Call(calls->RtSigprocmask, 2, (nint)(&all), (nint)(&before), SignalSetSize);
        var holder = Call(calls->Clone, CloneNewUser | SigChild);
        if (holder == 0)
        {
            Call(calls->Prctl, PrSetPdeathsig, SigKill);
            while (Call(calls->GetPpid) == parent)
            {
                Call(calls->Ppoll, 0, 0, 0, 0);
            }

            Exit(calls, 1);
        }

        Call(calls->RtSigprocmask, 2, (nint)(&before), 0, SignalSetSize);
        if (holder < 0)
        {
            return holder;
        }

        var result = WriteProcFile(calls, holder, "/uid_map\0"u8, uidMap, uidLength);
        if (result >= 0)
        {
            result = WriteProcFile(calls, holder, "/gid_map\0"u8, gidMap, gidLength);
        }

        if (result >= 0)
        {
            result = OpenProcFile(calls, holder, "/ns/user\0"u8, OpenCloseOnExec);
        }

        Call(calls->Kill, holder, SigKill);
        Call(calls->Wait4, holder, 0, 0, 0);
        return result;
    }

    private static nint MapMountIds(PlanCalls* calls, nint mount, nint userNamespace, nint flags)
    {
        // struct mount_attr: attr_set, attr_clr, propagation, userns_fd (mount_setattr(2)).
        var attributes = stackalloc ulong[4];
        attributes[0] = MountAttributeIdMap;
        attributes[1] = 0;
        attributes[2] = 0;
        attributes[3] = (ulong)userNamespace;
        byte nothing = 0;
        return Call(calls->MountSetattr, mount, (nint)(&nothing), flags, (nint)attributes, 4 * sizeof(ulong));
    }

    private static nint WriteProcFile(PlanCalls* calls, nint pid, ReadOnlySpan<byte> name, nint content, nint length)
    {
        var file = OpenProcFile(calls, pid, name, OpenWriteOnlyCloseOnExec);
        if (file < 0)
        {
            return file;
        }

        var result = Call(calls->Write, file, content, length);
        Call(calls->Close, file);
        return result;
    }

    /// <summary>Only for the host side, which is managed code after all.</summary>
    private static nint OpenProcFile(PlanCalls* calls, nint pid, ReadOnlySpan<byte> name, nint flags)
    {
        var path = stackalloc byte[ProcPathLength];
        var text = new Span<byte>(path, ProcPathLength);
        "/proc/"u8.CopyTo(text);
        System.Buffers.Text.Utf8Formatter.TryFormat((long)pid, text[6..], out var digits);
        name.CopyTo(text[(6 + digits)..]);
        return Call(calls->OpenAt, AtFdCwd, (nint)path, flags);
    }
}

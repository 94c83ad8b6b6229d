using Sampan.Linux;

namespace Sampan.Runtime.Plans;

/// <summary>What changes a container that runs.</summary>
internal static unsafe partial class PlanInterpreter
{
    private const int UnmountDetach = 2;
    private const int SymlinkNoFollow = 0x100;
    private const int RemoveDirectory = 0x200;
    private const uint StatxMountId = 0x1000;
    private const ulong AttributeMountRoot = 0x2000;

    /// <summary>stx_mnt_id (offset 144) of a mount's root, which stx_attributes (offset 8) says it is (statx(2)).</summary>
    private static nint FindMount(PlanCalls* calls, nint descriptor)
    {
        var buffer = stackalloc byte[256];
        byte nothing = 0;
        var result = Call(calls->Statx, descriptor, (nint)(&nothing), AtEmptyPath, (nint)StatxMountId, (nint)buffer);
        if (result < 0)
        {
            return result;
        }

        return (*(ulong*)(buffer + 8) & AttributeMountRoot) == 0 ? -(int)Errno.EINVAL : (nint)(*(ulong*)(buffer + 144));
    }

    /// <summary>
    /// umount2(2) takes paths only, and the one a mount was put on may lead elsewhere by now. The path of its descriptor leads to it: a
    /// link of the host's /proc, which the child has opened before it left the host, into itself.
    /// </summary>
    private static nint TakeOff(PlanCalls* calls, nint descriptors, nint mount)
    {
        var result = Call(calls->Fchdir, descriptors);
        if (result < 0)
        {
            return result;
        }

        var name = stackalloc byte[24];
        var start = 23;
        name[start] = 0;
        do
        {
            name[--start] = (byte)('0' + (mount % 10));
            mount /= 10;
        }
        while (mount > 0);

        return Call(calls->Umount2, (nint)(name + start), UnmountDetach);
    }

    /// <summary>Type (offset 28) and device number (offset 128) must be those of the node: the container may have put something else there.</summary>
    private static nint RemoveNode(PlanCalls* calls, nint directory, byte* name, nint type, nint device)
    {
        var buffer = stackalloc byte[256];
        var result = Call(calls->Statx, directory, (nint)name, SymlinkNoFollow, (nint)StatxType, (nint)buffer);
        if (result < 0)
        {
            return result;
        }

        var major = *(uint*)(buffer + 128);
        var minor = *(uint*)(buffer + 132);
        var encoded = ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        return (*(ushort*)(buffer + 28) & FileTypeMask) == type && encoded == (ulong)device
            ? Call(calls->UnlinkAt, directory, (nint)name, 0)
            : -(int)Errno.ENOENT;
    }

    private static nint CountMissing(PlanCalls* calls, nint root, byte* path)
    {
        var missing = 0;
        for (var end = Length(path); end > 0; end = LastSlash(path, end))
        {
            var saved = path[end];
            path[end] = 0;
            var there = OpenBeneath(calls, root, path, OpenPath | OpenCloseOnExec);
            path[end] = saved;
            if (there >= 0)
            {
                Call(calls->Close, there);
                break;
            }

            if (there != -(int)Errno.ENOENT)
            {
                break;
            }

            missing++;
        }

        return missing > 0 ? missing : -(int)Errno.EEXIST;
    }

    /// <summary>As far as it goes: what somebody has put something into meanwhile stays.</summary>
    private static nint RemovePlace(PlanCalls* calls, nint root, byte* path, nint count)
    {
        var empty = stackalloc byte[2];
        empty[0] = (byte)'.';
        empty[1] = 0;
        var end = Length(path);
        for (nint index = 0; index < count && end > 0; index++)
        {
            var slash = LastSlash(path, end);
            var saved = path[slash];
            path[slash] = 0;
            var directory = OpenBeneath(calls, root, slash == 0 ? empty : path, OpenPath | OpenCloseOnExec);
            path[slash] = saved;
            if (directory < 0)
            {
                return directory;
            }

            path[end] = 0;
            var result = Call(calls->UnlinkAt, directory, (nint)(path + slash + 1), RemoveDirectory);
            if (index == 0 && result == -(int)Errno.ENOTDIR)
            {
                result = Call(calls->UnlinkAt, directory, (nint)(path + slash + 1), 0);
            }

            Call(calls->Close, directory);
            if (result < 0)
            {
                return result;
            }

            end = slash;
        }

        return 0;
    }

    private static int Length(byte* text)
    {
        var length = 0;
        while (text[length] != 0)
        {
            length++;
        }

        return length;
    }

    /// <summary>Paths are absolute and without doubled slashes: the engine has made them so.</summary>
    private static int LastSlash(byte* text, int end)
    {
        do
        {
            end--;
        }
        while (end > 0 && text[end] != '/');

        return end;
    }
}

using Sampan.Linux;

namespace Sampan.Runtime.Plans;

/// <summary>What a tmpfs takes over from the directory it covers.</summary>
internal static unsafe partial class PlanInterpreter
{
    private const int OpenCreateExclusiveWriteOnly = OpenCreateExclusive | 1 | OpenCloseOnExec;
    private const int AtSymlinkNoFollow = 0x100;
    private const int FileTypeRegular = 0x8000;
    private const int FileTypeSymbolicLink = 0xA000;
    private const int FileTypeSocket = 0xC000;
    private const uint StatxBasic = 0x7FF;
    private const int StatusLength = 256;
    private const int ListingLength = 4096;
    private const int DeepestCopy = 128;
    private const int LongestLink = 4096;
    private const int CopyChunk = 1 << 24;

    private static nint CopyMode(PlanCalls* calls, nint root, byte* path, nint mount)
    {
        var source = OpenBeneath(calls, root, path, OpenPath | OpenCloseOnExec | calls->DirectoryFlag);
        if (source < 0)
        {
            return source is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR ? 0 : source;
        }

        var status = stackalloc byte[StatusLength];
        var dot = stackalloc byte[2];
        dot[0] = (byte)'.';
        dot[1] = 0;
        var result = Status(calls, source, (nint)(dot + 1), AtEmptyPath, status);
        if (result >= 0)
        {
            result = Call(calls->FchmodAt, mount, (nint)dot, Mode(status) & 0xFFF);
        }

        Call(calls->Close, source);
        return result;
    }

    private static nint CopyTree(PlanCalls* calls, nint root, byte* path, nint mount)
    {
        var source = OpenBeneath(calls, root, path, OpenCloseOnExec | calls->DirectoryFlag);
        if (source < 0)
        {
            return source is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR ? 0 : source;
        }

        var result = CopyDirectory(calls, source, mount, 0);
        Call(calls->Close, source);
        return result;
    }

    /// <summary>Entries are named to the kernel with their directory's descriptor and never followed: what is swapped in meanwhile leads nowhere.</summary>
    private static nint CopyDirectory(PlanCalls* calls, nint source, nint target, int depth)
    {
        if (depth == DeepestCopy)
        {
            return -(int)Errno.ELOOP;
        }

        var listing = stackalloc byte[ListingLength];
        while (true)
        {
            var length = Call(calls->GetDents, source, (nint)listing, ListingLength);
            if (length <= 0)
            {
                return length;
            }

            // struct linux_dirent64: inode, offset, record length (16 bits at 16), type, name at 19 (getdents64(2)).
            for (nint at = 0; at < length; at += *(ushort*)(listing + at + 16))
            {
                var name = listing + at + 19;
                if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                {
                    continue;
                }

                var result = CopyEntry(calls, source, target, (nint)name, depth);
                if (result < 0)
                {
                    return result;
                }
            }
        }
    }

    private static nint CopyEntry(PlanCalls* calls, nint source, nint target, nint name, int depth)
    {
        var status = stackalloc byte[StatusLength];
        var result = Status(calls, source, name, AtSymlinkNoFollow, status);
        if (result < 0)
        {
            return result;
        }

        var mode = Mode(status);
        result = (mode & FileTypeMask) switch
        {
            FileTypeDirectory => CopyBranch(calls, source, target, name, depth),
            FileTypeRegular => CopyFile(calls, source, target, name),
            FileTypeSymbolicLink => CopyLink(calls, source, target, name),

            // A socket without the process that listens on it is nothing.
            FileTypeSocket => 0,
            _ => Call(calls->MknodAt, target, name, mode, Device(status)),
        };
        if (result < 0 || (mode & FileTypeMask) == FileTypeSocket)
        {
            return result;
        }

        // The owner first: changing it takes setuid bits away (chown(2)).
        result = Call(calls->FchownAt, target, name, *(int*)(status + 20), *(int*)(status + 24), AtSymlinkNoFollow);
        if (result >= 0 && (mode & FileTypeMask) != FileTypeSymbolicLink)
        {
            result = Call(calls->FchmodAt, target, name, mode & 0xFFF);
        }

        // stx_atime at 64 and stx_mtime at 112: seconds, then 32 bits of nanoseconds (statx(2)).
        var times = stackalloc long[4];
        times[0] = *(long*)(status + 64);
        times[1] = *(uint*)(status + 72);
        times[2] = *(long*)(status + 112);
        times[3] = *(uint*)(status + 120);
        return result < 0 ? result : Call(calls->UtimensAt, target, name, (nint)times, AtSymlinkNoFollow);
    }

    private static nint CopyBranch(PlanCalls* calls, nint source, nint target, nint name, int depth)
    {
        var result = Call(calls->MkdirAt, target, name, 0x1C0);
        if (result < 0)
        {
            return result;
        }

        var from = Call(calls->OpenAt, source, name, OpenCloseOnExec | calls->DirectoryFlag | calls->NoFollowFlag);
        if (from < 0)
        {
            return from;
        }

        var to = Call(calls->OpenAt, target, name, OpenCloseOnExec | calls->DirectoryFlag | calls->NoFollowFlag);
        result = to < 0 ? to : CopyDirectory(calls, from, to, depth + 1);
        Call(calls->Close, from);
        if (to >= 0)
        {
            Call(calls->Close, to);
        }

        return result;
    }

    private static nint CopyFile(PlanCalls* calls, nint source, nint target, nint name)
    {
        var from = Call(calls->OpenAt, source, name, OpenCloseOnExec | OpenNonBlocking | calls->NoFollowFlag);
        if (from < 0)
        {
            return from;
        }

        var to = Call(calls->OpenAt, target, name, OpenCreateExclusiveWriteOnly, 0x180);
        var result = to;
        if (to >= 0)
        {
            do
            {
                result = Call(calls->Sendfile, to, from, 0, CopyChunk);
            }
            while (result > 0);
        }

        Call(calls->Close, from);
        if (to >= 0)
        {
            Call(calls->Close, to);
        }

        return result;
    }

    private static nint CopyLink(PlanCalls* calls, nint source, nint target, nint name)
    {
        var content = stackalloc byte[LongestLink];
        var length = Call(calls->ReadlinkAt, source, name, (nint)content, LongestLink - 1);
        if (length < 0)
        {
            return length;
        }

        content[length] = 0;
        return Call(calls->SymlinkAt, (nint)content, target, name);
    }

    private static nint Status(PlanCalls* calls, nint directory, nint name, nint flags, byte* status) =>
        Call(calls->Statx, directory, name, flags, (nint)StatxBasic, (nint)status);

    private static int Mode(byte* status) => *(ushort*)(status + 28);

    /// <summary>stx_rdev_major at 128 and stx_rdev_minor at 132, as mknod(2) takes them.</summary>
    private static nint Device(byte* status)
    {
        var major = *(uint*)(status + 128);
        var minor = *(uint*)(status + 132);
        return (nint)((((ulong)major & 0xFFFFF000) << 32) | (((ulong)major & 0xFFF) << 8) | (((ulong)minor & 0xFFFFFF00) << 12) | (minor & 0xFF));
    }
}

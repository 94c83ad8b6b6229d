using Sampan.Linux;

namespace Sampan.Runtime.Plans;

internal static unsafe partial class PlanInterpreter
{
    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const int OpenPath = 0x20_0000;
    private const int OpenCloseOnExec = 0x8_0000;
    private const int OpenNonBlocking = 0x800;
    private const int OpenCreateExclusive = 0x40 | 0x80;
    private const ulong ResolveInRootNoMagicLinks = 16 | 2;
    private const int OpenTreeCloneCloseOnExec = 1 | OpenCloseOnExec;
    private const int MoveMountEmptyPaths = 0x04 | 0x40;
    private const uint StatxType = 1;
    private const int FileTypeMask = 0xF000;
    private const int FileTypeDirectory = 0x4000;

    /// <summary>
    /// Walks the path component by component, each prefix resolved anew beneath the root, so that a link swapped in by a container that
    /// shares a volume can at worst move the place inside the root (CVE-2021-30465, CVE-2024-45310).
    /// </summary>
    private static nint MakeMountpoint(PlanCalls* calls, nint root, byte* path, nint source, nint flags)
    {
        var isDirectory = true;
        if (source >= 0)
        {
            var type = FileType(calls, source);
            if (type < 0)
            {
                return type;
            }

            isDirectory = type == FileTypeDirectory;
        }

        var place = OpenBeneath(calls, root, path, OpenPath | OpenCloseOnExec | flags);
        if (place != -(int)Errno.ENOENT)
        {
            return place;
        }

        return MakePlace(calls, root, path, isDirectory);
    }

    private static nint MakePlace(PlanCalls* calls, nint root, byte* path, bool isDirectory)
    {
        var empty = stackalloc byte[2];
        empty[0] = (byte)'.';
        empty[1] = 0;
        var parent = OpenBeneath(calls, root, empty, OpenPath | OpenCloseOnExec);
        var start = 0;
        while (parent >= 0)
        {
            while (path[start] == '/')
            {
                start++;
            }

            if (path[start] == 0)
            {
                return parent;
            }

            var end = start;
            while (path[end] != 0 && path[end] != '/')
            {
                end++;
            }

            var after = end;
            while (path[after] == '/')
            {
                after++;
            }

            var isLast = path[after] == 0;
            var saved = path[end];
            path[end] = 0;
            var next = OpenBeneath(calls, root, path, OpenPath | OpenCloseOnExec);
            if (next == -(int)Errno.ENOENT)
            {
                next = MakeComponent(calls, parent, path + start, isDirectory || !isLast);
            }

            path[end] = saved;
            Call(calls->Close, parent);
            parent = next;
            start = end;
        }

        return parent;
    }

    private static nint MakeComponent(PlanCalls* calls, nint parent, byte* name, bool isDirectory)
    {
        nint made;
        if (isDirectory)
        {
            made = Call(calls->MkdirAt, parent, (nint)name, 0x1ED);
        }
        else
        {
            made = Call(calls->OpenAt, parent, (nint)name, OpenCreateExclusive | OpenCloseOnExec | calls->NoFollowFlag, 0x1A4);
            if (made >= 0)
            {
                Call(calls->Close, made);
            }
        }

        // EEXIST: a dangling link, or somebody was faster; the look below decides and never follows.
        if (made < 0 && made != -(int)Errno.EEXIST)
        {
            return made;
        }

        return Call(calls->OpenAt, parent, (nint)name, OpenPath | OpenCloseOnExec | calls->NoFollowFlag | (isDirectory ? calls->DirectoryFlag : 0));
    }

    private static nint MaskPath(PlanCalls* calls, nint root, byte* path, nint nullDevice, nint emptyDirectory)
    {
        var place = OpenBeneath(calls, root, path, OpenPath | OpenCloseOnExec);
        if (place < 0)
        {
            return place is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR ? 0 : place;
        }

        var type = FileType(calls, place);
        if (type < 0)
        {
            return type;
        }

        byte nothing = 0;
        var cover = Call(
            calls->OpenTree,
            type == FileTypeDirectory ? emptyDirectory : nullDevice,
            (nint)(&nothing),
            OpenTreeCloneCloseOnExec | AtEmptyPath);
        if (cover < 0)
        {
            return cover;
        }

        var moved = Call(calls->MoveMount, cover, (nint)(&nothing), place, (nint)(&nothing), MoveMountEmptyPaths);
        Call(calls->Close, cover);
        Call(calls->Close, place);
        return moved;
    }

    private static nint OpenBeneath(PlanCalls* calls, nint root, byte* path, nint flags)
    {
        // struct open_how: flags, mode, resolve (openat2(2)).
        var how = stackalloc ulong[3];
        how[0] = (ulong)flags;
        how[1] = 0;
        how[2] = ResolveInRootNoMagicLinks;
        nint result;
        var attempts = 0;
        do
        {
            // EAGAIN: a rename raced with the walk (openat2(2)).
            result = Call(calls->OpenAt2, root, (nint)path, (nint)how, 3 * sizeof(ulong));
        }
        while (result == -(int)Errno.EAGAIN && ++attempts < 128);
        return result;
    }

    /// <summary>The S_IFMT bits of what a descriptor refers to, or minus an error number.</summary>
    private static nint FileType(PlanCalls* calls, nint descriptor)
    {
        // struct statx is 256 bytes; stx_mode is the 16-bit field at offset 28 (statx(2)).
        var buffer = stackalloc byte[256];
        byte nothing = 0;
        var result = Call(calls->Statx, descriptor, (nint)(&nothing), AtEmptyPath, (nint)StatxType, (nint)buffer);
        return result < 0 ? result : *(ushort*)(buffer + 28) & FileTypeMask;
    }
}

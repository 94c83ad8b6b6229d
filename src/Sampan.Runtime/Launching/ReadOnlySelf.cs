using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Memory;

namespace Sampan.Runtime.Launching;

/// <summary>
/// This executable through a read-only mount that is in no tree. Between clone and execve the child's /proc/PID/exe leads to it, and a
/// script whose interpreter is /proc/self/exe even runs it inside the container: by the way it was started it could then be opened for
/// writing on the host (CVE-2019-5736). A process cannot change what it was executed from, so it executes itself again.
/// </summary>
public static unsafe class ReadOnlySelf
{
    private const string Image = "/proc/self/exe";
    private const int ReadOnlyMount = 1;
    private const int StatfsLength = 256;
    private const int StatfsFlags = 80;
    private const int WriteAccess = 2;
    private const int EffectiveIds = 0x200;
    private const int AddSeals = 1033;
    private const int GetSeals = 1034;
    private const int SealWrite = 8;
    private const int AllSeals = 1 | 2 | 4 | SealWrite;

    /// <summary>
    /// Starts this program again, with the same arguments, environment, descriptors and process id, unless its file is out of reach
    /// already. Costs a start of the program; nothing may have been done before that cannot be done twice.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refuses the mount, the copy or the execution.</exception>
    public static void Enter()
    {
        if (IsOutOfReach())
        {
            return;
        }

        using var nothing = Kernel.Native("");
        using var image = View();
        var arguments = FileTree.TryRead("/proc/self/cmdline")!;
        var environment = FileTree.TryRead("/proc/self/environ")!;
        fixed (byte* words = arguments, variables = environment)
        fixed (nint* argv = Pointers(words, arguments), envp = Pointers(variables, environment))
        {
            Kernel.Check(
                Kernel.Call(SystemCall.ExecveAt, image.Number, nothing, (nint)argv, (nint)envp, MountFlags.AtEmptyPath), "execveat", Image);
        }
    }

    // A read-only mount, a sealed copy, or a file this user may not write: nor may then who has his rights and no more.
    private static bool IsOutOfReach()
    {
        // struct statfs: f_flags is the eleventh long, ST_RDONLY the mount's or its file system's (statfs(2)).
        using var path = Kernel.Native(Image);
        var status = stackalloc byte[StatfsLength];
        Kernel.Check(Kernel.Call(SystemCall.Statfs, path, (nint)status), "statfs", Image);
        if ((*(long*)(status + StatfsFlags) & ReadOnlyMount) != 0)
        {
            return true;
        }

        using var file = FileDescriptor.Open(Image, OpenFlags.ReadOnly);
        var seals = Kernel.Call(SystemCall.Fcntl, file.Number, GetSeals);
        return (seals > 0 && (seals & SealWrite) != 0)
            || Kernel.Call(SystemCall.FaccessAt2, MountFlags.AtFdCwd, path, WriteAccess, EffectiveIds) == -(int)Errno.EACCES;
    }

    private static FileDescriptor View()
    {
        using var path = Kernel.Native(Image);
        var tree = Kernel.Call(SystemCall.OpenTree, MountFlags.AtFdCwd, path, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec);
        if (tree == -(int)Errno.EPERM)
        {
            return SealedCopy();
        }

        var view = new FileDescriptor((int)Kernel.Check(tree, "open_tree", Image));
        using var nothing = Kernel.Native("");
        var attributes = stackalloc ulong[4];
        new Span<ulong>(attributes, 4).Clear();
        attributes[0] = MountFlags.AttributeReadOnly;
        Kernel.Check(Kernel.Call(SystemCall.MountSetattr, view.Number, nothing, MountFlags.AtEmptyPath, (nint)attributes, 32), "mount_setattr", Image);
        return view;
    }

    // Without the right to mount, and the file is the user's own: a copy in memory that nobody can change (memfd_create(2), F_ADD_SEALS).
    private static FileDescriptor SealedCopy()
    {
        using var file = FileDescriptor.Open(Image, OpenFlags.ReadOnly);
        var copy = MemoryFile.Create("sampan-runtime", sealable: true);
        for (nint sent = 1; sent > 0;)
        {
            sent = Kernel.Check(Kernel.Call(SystemCall.Sendfile, copy.Number, file.Number, 0, 0x7fff_f000), "copy", Image);
        }

        Kernel.Check(Kernel.Call(SystemCall.Fcntl, copy.Number, AddSeals, AllSeals), "seal the copy of", Image);
        return copy;
    }

    // Each text in them ends with NUL (proc_pid_cmdline(5), proc_pid_environ(5)).
    private static nint[] Pointers(byte* texts, ReadOnlySpan<byte> content)
    {
        var pointers = new List<nint>();
        for (var start = 0; start < content.Length; start += content[start..].IndexOf((byte)0) + 1)
        {
            pointers.Add((nint)(texts + start));
        }

        pointers.Add(0);
        return [.. pointers];
    }
}

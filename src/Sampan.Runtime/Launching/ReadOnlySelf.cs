using Sampan.Linux.Files;
using Sampan.Linux.Interop;

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

    /// <summary>
    /// Starts this program again, with the same arguments, environment, descriptors and process id, unless it runs from a read-only mount
    /// already. Costs a start of the program; nothing may have been done before that cannot be done twice.
    /// </summary>
    /// <exception cref="Sampan.Linux.LinuxException">The kernel refuses the mount or the execution.</exception>
    public static void Enter()
    {
        // struct statfs: f_flags is the eleventh long, ST_RDONLY the mount's or its file system's (statfs(2)).
        using var path = Kernel.Native(Image);
        var status = stackalloc byte[StatfsLength];
        Kernel.Check(Kernel.Call(SystemCall.Statfs, path, (nint)status), "statfs", Image);
        if ((*(long*)(status + StatfsFlags) & ReadOnlyMount) != 0)
        {
            return;
        }

        using var nothing = Kernel.Native("");
        using var image = new FileDescriptor((int)Kernel.Check(
            Kernel.Call(SystemCall.OpenTree, MountFlags.AtFdCwd, path, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec), "open_tree", Image));
        var attributes = stackalloc ulong[4];
        new Span<ulong>(attributes, 4).Clear();
        attributes[0] = MountFlags.AttributeReadOnly;
        Kernel.Check(Kernel.Call(SystemCall.MountSetattr, image.Number, nothing, MountFlags.AtEmptyPath, (nint)attributes, 32), "mount_setattr", Image);

        var arguments = FileTree.TryRead("/proc/self/cmdline")!;
        var environment = FileTree.TryRead("/proc/self/environ")!;
        fixed (byte* words = arguments, variables = environment)
        fixed (nint* argv = Pointers(words, arguments), envp = Pointers(variables, environment))
        {
            Kernel.Check(
                Kernel.Call(SystemCall.ExecveAt, image.Number, nothing, (nint)argv, (nint)envp, MountFlags.AtEmptyPath), "execveat", Image);
        }
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

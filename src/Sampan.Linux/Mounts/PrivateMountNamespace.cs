using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Mounts;

/// <summary>
/// A mount namespace of the calling thread's own (unshare(2), CLONE_NEWNS): what is mounted in it nobody else sees, and all of it is gone
/// with the thread, however it ends. The thread must be the only one that uses the host's files afterwards.
/// </summary>
public static unsafe class PrivateMountNamespace
{
    private const int CloneNewMounts = 0x0002_0000;
    private const nint RecursivePrivate = 0x4000 | (1 << 18);
    private const int OpenTreeClone = 1;
    private const int OpenTreeCloseOnExec = 0x8_0000;
    private const int Recursive = 0x8000;
    private const int EmptyPath = 0x1000;
    private const int MoveFromEmptyPath = 0x4;
    private const int MoveToEmptyPath = 0x40;
    private const int AttributeReadOnly = 1;
    private const ulong AttributeIdMap = 0x10_0000;
    private const int MountDataLimit = 4095;

    /// <summary>Enters it. The working directory of the thread stays.</summary>
    /// <exception cref="LinuxException">unshare(2) failed: EPERM without CAP_SYS_ADMIN.</exception>
    public static void Enter()
    {
        Kernel.Check(Kernel.Call(SystemCall.Unshare, CloneNewMounts), "unshare", "mount namespace");
        using var root = Kernel.Native("/");
        Kernel.Check(Kernel.Call(SystemCall.Mount, 0, root, 0, RecursivePrivate, 0), "make private", "/");
    }

    /// <summary>Mounts an overlay (Documentation/filesystems/overlayfs.rst).</summary>
    /// <param name="layers">Lower directories, bottom first, absolute.</param>
    /// <param name="upper">Upper directory.</param>
    /// <param name="work">Work directory.</param>
    /// <param name="target">An empty directory.</param>
    /// <returns>The root of the overlay.</returns>
    /// <exception cref="LinuxException">mount(2) failed.</exception>
    public static FileDescriptor MountOverlay(IReadOnlyList<string> layers, string upper, string work, string target)
    {
        var lower = new StringBuilder();
        for (var index = layers.Count - 1; index >= 0; index--)
        {
            lower.Append(lower.Length == 0 ? "" : ":").Append(Escape(layers[index]));
        }

        var text = $"lowerdir={lower},upperdir={Escape(upper)},workdir={Escape(work)},index=off";
        using var type = Kernel.Native("overlay");
        using var place = Kernel.Native(target);
        if (Encoding.UTF8.GetByteCount(text) <= MountDataLimit)
        {
            using var data = Kernel.Native(text);
            Kernel.Check(Kernel.Call(SystemCall.Mount, type, place, type, 0, data), "mount overlay", target);
        }
        else
        {
            MountLong(layers, upper, work, target);
        }

        return FileDescriptor.Open(target, OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    /// <summary>Makes a directory appear in another place with other owners, without what is mounted below it.</summary>
    /// <param name="source">A path of the host.</param>
    /// <param name="place">The place, opened O_PATH.</param>
    /// <param name="owners">A user namespace with the mappings (mount_setattr(2), MOUNT_ATTR_IDMAP).</param>
    /// <exception cref="LinuxException">open_tree(2), mount_setattr(2) or move_mount(2) failed.</exception>
    public static void BindMapped(string source, FileDescriptor place, FileDescriptor owners)
    {
        using var path = Kernel.Native(source);
        using var nothing = Kernel.Native("");
        using var tree = new FileDescriptor((int)Kernel.Check(
            Kernel.Call(SystemCall.OpenTree, FileDescriptor.WorkingDirectory, path, OpenTreeClone | OpenTreeCloseOnExec), "open_tree", source));
        var attributes = stackalloc ulong[4] { AttributeIdMap, 0, 0, (ulong)owners.Number };
        Kernel.Check(Kernel.Call(SystemCall.MountSetattr, tree.Number, nothing, EmptyPath, (nint)attributes, 32), "map owners", source);
        Kernel.Check(
            Kernel.Call(SystemCall.MoveMount, tree.Number, nothing, place.Number, nothing, MoveFromEmptyPath | MoveToEmptyPath), "move_mount", source);
    }

    /// <summary>Makes a file or directory appear in another place, with all that is mounted below it.</summary>
    /// <param name="source">A path of the host.</param>
    /// <param name="place">The place, opened O_PATH; of the same kind.</param>
    /// <param name="readOnly">It cannot be written there.</param>
    /// <exception cref="LinuxException">open_tree(2), mount_setattr(2) or move_mount(2) failed.</exception>
    public static void Bind(string source, FileDescriptor place, bool readOnly)
    {
        using var path = Kernel.Native(source);
        using var nothing = Kernel.Native("");
        using var tree = new FileDescriptor((int)Kernel.Check(
            Kernel.Call(SystemCall.OpenTree, FileDescriptor.WorkingDirectory, path, OpenTreeClone | OpenTreeCloseOnExec | Recursive), "open_tree", source));
        if (readOnly)
        {
            // struct mount_attr: attr_set, attr_clr, propagation, userns_fd (mount_setattr(2)).
            var attributes = stackalloc ulong[4] { AttributeReadOnly, 0, 0, 0 };
            Kernel.Check(Kernel.Call(SystemCall.MountSetattr, tree.Number, nothing, EmptyPath | Recursive, (nint)attributes, 32), "make read-only", source);
        }

        Kernel.Check(
            Kernel.Call(SystemCall.MoveMount, tree.Number, nothing, place.Number, nothing, MoveFromEmptyPath | MoveToEmptyPath), "move_mount", source);
    }

    /// <summary>Takes a mount away with all below it.</summary>
    /// <param name="target">Where it is.</param>
    /// <exception cref="LinuxException">umount2(2) failed.</exception>
    public static void Unmount(string target)
    {
        const int detach = 2;
        using var place = Kernel.Native(target);
        Kernel.Check(Kernel.Call(SystemCall.Umount2, place, detach), "unmount", target);
    }

    private static void MountLong(IReadOnlyList<string> layers, string upper, string work, string target)
    {
        using var type = Kernel.Native("overlay");
        using var nothing = Kernel.Native("");
        using var place = Kernel.Native(target);
        using var context = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.Fsopen, type, 1), "fsopen overlay", target));
        for (var index = layers.Count - 1; index >= 0; index--)
        {
            Configure(context, "lowerdir+", layers[index]);
        }

        Configure(context, "upperdir", upper);
        Configure(context, "workdir", work);
        Configure(context, "index", "off");
        const int create = 6;
        Kernel.Check(Kernel.Call(SystemCall.Fsconfig, context.Number, create, 0, 0, 0), "mount overlay", target);
        using var mount = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.Fsmount, context.Number, 1, 0), "fsmount overlay", target));
        Kernel.Check(
            Kernel.Call(SystemCall.MoveMount, mount.Number, nothing, FileDescriptor.WorkingDirectory, place, MoveFromEmptyPath), "move_mount", target);
    }

    private static void Configure(FileDescriptor context, string key, string value)
    {
        const int setString = 1;
        using var name = Kernel.Native(key);
        using var text = Kernel.Native(value);
        Kernel.Check(Kernel.Call(SystemCall.Fsconfig, context.Number, setString, name, text, 0), "fsconfig overlay", key);
    }

    // A backslash takes the meaning of ":" and "," away (overlayfs.rst).
    private static string Escape(string path) => path
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal);
}

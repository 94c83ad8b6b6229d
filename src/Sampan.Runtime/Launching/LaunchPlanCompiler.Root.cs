using System.Text;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private const int OpenWriteOnly = 1 | OpenCloseOnExec;
    private const int OpenCloseOnExec = 0x8_0000;
    private const int MountDataLimit = 4095;

    private static readonly nint OpenPath = 0x20_0000 | OpenCloseOnExec;
    private static readonly nint OpenPathDirectory = OpenPath | Sampan.Linux.Files.OpenFlagBits.ToKernel(Sampan.Linux.Files.OpenFlags.Directory);

    private PlanRegister _root;
    private PlanRegister _mountNamespace;

    /// <summary>From here on what is mounted is the container's affair.</summary>
    private void IsolateMounts()
    {
        if (_joined.TryGetValue("mount", out var joined))
        {
            CloneForeignTrees();
            _mountNamespace = joined;
            EnterOwnMountNamespace($"shared with {_namespaces.Joined["mount"]}");
            MakeMountsSlaves();
            return;
        }

        if (!_namespaces.Creates("mount"))
        {
            // Whoever asks for this gets it, as from runc: what is mounted stays mounted, and the root is only changed to.
            CloneForeignTrees();
            return;
        }

        _mountNamespace = PrivateMounts.Enter(_plan, CloneForeignTrees);
    }

    private void MakeMountsSlaves() => PrivateMounts.MakeSlaves(_plan);

    private void EnterOwnMountNamespace(string purpose) => PrivateMounts.Reenter(_plan, _mountNamespace, purpose);

    private void MountRoot()
    {
        if (_mappedRoot is { } mapped)
        {
            PlaceMappedRoot(mapped);
            return;
        }

        string path;
        switch (_request.Root)
        {
            case RootFilesystem.Overlay overlay:
                MountLimited(overlay, ParentOf(overlay));
                path = overlay.Mountpoint;
                break;
            case RootFilesystem.Directory directory:
                BindRoot(directory.Path);
                path = directory.Path;
                break;
            default:
                throw SampanException.InvalidArgument("no root filesystem");
        }

        _root = _plan.Call(
            SystemCall.OpenAt, "openat", path, "every path of the container is resolved beneath this descriptor",
            MountFlags.AtFdCwd, _plan.Arena.Text(path), OpenPathDirectory).ToRegister();
    }

    private static string ParentOf(RootFilesystem.Overlay overlay) => Path.GetDirectoryName(overlay.Layers[0]) ?? "/";

    private void MountLimited(RootFilesystem.Overlay overlay, string from)
    {
        var held = overlay.Limited ? CapabilitySet.Effective() : CapabilitySet.Empty;
        var limited = held.Contains(Capability.SysResource);
        if (limited)
        {
            SetEffective(held.Without(Capability.SysResource), "quotas do not limit what is mounted with CAP_SYS_RESOURCE");
        }

        MountOverlay(overlay, from);
        if (limited)
        {
            SetEffective(held, "as before");
        }
    }

    // Permitted and inheritable stay what they are for a process of root's: all it has, and nothing.
    private void SetEffective(CapabilitySet effective, string purpose)
    {
        // struct __user_cap_header_struct, then two of __user_cap_data_struct: effective, permitted, inheritable (capset(2)).
        var header = (int*)_plan.Arena.Allocate(8);
        header[0] = 0x2008_0522;
        var data = (uint*)_plan.Arena.Allocate(24);
        var permitted = CapabilitySet.Effective();
        (data[0], data[1]) = ((uint)effective.Bits, (uint)permitted.Bits);
        (data[3], data[4]) = ((uint)(effective.Bits >> 32), (uint)(permitted.Bits >> 32));
        _plan.Call(SystemCall.Capset, "capset", "CAP_SYS_RESOURCE", purpose, (nint)header, (nint)data);
    }

    /// <param name="overlay">What to mount.</param>
    /// <param name="from">Where the layers' directory is seen, itself or through another mount.</param>
    private void MountOverlay(RootFilesystem.Overlay overlay, string from)
    {
        const string Purpose = "image layers below, a writable layer on top";
        var parent = ParentOf(overlay);
        var lower = new StringBuilder();
        for (var i = overlay.Layers.Count - 1; i >= 0; i--)
        {
            lower.Append(lower.Length == 0 ? "" : ":").Append(Escape(Relative(parent, overlay.Layers[i])));
        }

        // Relative names keep a hundred layers short; the kernel reads them from the working directory.
        _plan.Call(SystemCall.Chdir, "chdir", from, "layers are named relative to here", _plan.Arena.Text(from));
        var data = $"lowerdir={lower},upperdir={Escape(overlay.Upper)},workdir={Escape(overlay.Work)},index=off{(overlay.Volatile ? ",volatile" : "")}";
        var target = _plan.Arena.Text(overlay.Mountpoint);
        if (Encoding.UTF8.GetByteCount(data) <= MountDataLimit)
        {
            var type = _plan.Arena.Text("overlay");
            _plan.Call(SystemCall.Mount, "mount overlay", $"{overlay.Mountpoint} ({overlay.Layers.Count} layers)", Purpose, type, target, type, 0, _plan.Arena.Text(data));
            return;
        }

        var context = OpenFilesystem("overlay", overlay.Mountpoint, Purpose);
        for (var i = overlay.Layers.Count - 1; i >= 0; i--)
        {
            Configure(context, "overlay", "lowerdir+", Relative(parent, overlay.Layers[i]));
        }

        Configure(context, "overlay", "upperdir", overlay.Upper);
        Configure(context, "overlay", "workdir", overlay.Work);
        Configure(context, "overlay", "index", "off");
        if (overlay.Volatile)
        {
            Configure(context, "overlay", "volatile", null);
        }

        var mount = Instantiate(context, "overlay", 0);
        _plan.Call(
            SystemCall.MoveMount, "move_mount", overlay.Mountpoint, Purpose,
            mount, _nothing, MountFlags.AtFdCwd, target, MountFlags.MoveMountFromEmptyPath);
    }

    private void BindRoot(string path)
    {
        var native = _plan.Arena.Text(path);
        var tree = _plan.Call(
            SystemCall.OpenTree, "open_tree", path, "a mount of its own for the root directory: pivot_root needs one",
            MountFlags.AtFdCwd, native, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | MountFlags.AtRecursive).ToRegister();
        _plan.Call(
            SystemCall.MoveMount, "move_mount", path, "put it in place", tree, _nothing, MountFlags.AtFdCwd, native, MountFlags.MoveMountFromEmptyPath);
    }

    private void PivotRoot()
    {
        if (_spec.Root?.Readonly == true)
        {
            SetAttributes(_root, "/", MountFlags.AttributeReadOnly, 0, 0, MountFlags.AtEmptyPath, "the root filesystem is read-only");
        }

        var here = _plan.Arena.Text(".");
        var slash = _plan.Arena.Text("/");
        if (!_namespaces.Has("mount"))
        {
            _plan.Call(SystemCall.Fchdir, "fchdir", "container root", "stand in the new root", _root);
            _plan.Call(SystemCall.Chroot, "chroot", ".", "without a mount namespace of its own it can only look from here", here);
            return;
        }

        EnterOwnMountNamespace("what is replaced is the namespace's root");
        Close(_mountNamespace, "mount namespace");
        var old = _plan.Call(
            SystemCall.OpenAt, "openat", "/", "the host's root, to be let go of", MountFlags.AtFdCwd, slash, OpenPathDirectory).ToRegister();
        _plan.Call(SystemCall.Fchdir, "fchdir", "container root", "stand in the new root", _root);
        if (!_request.Pivot)
        {
            _plan.Call(SystemCall.Mount, "mount", ". over /", "the new root covers the old one (mount(2), MS_MOVE)", here, slash, 0, (nint)MountFlags.Move, 0);
            _plan.Call(SystemCall.Chroot, "chroot", ".", "the new root becomes /", here);
            _plan.Call(SystemCall.Chdir, "chdir", "/", "the container's root", slash);
            Close(old, "old root");
            PropagateRoot(slash);
            return;
        }

        _plan.Call(SystemCall.PivotRoot, "pivot_root", ". over .", "the new root becomes /, the old one lies beneath it (pivot_root(2))", here, here);
        _plan.Call(SystemCall.Fchdir, "fchdir", "old root", "go back to what is to be let go of", old);
        _plan.Call(SystemCall.Umount2, "umount2", "old root", "the host's file systems are out of reach", here, MountFlags.UnmountDetach);
        _plan.Call(SystemCall.Chdir, "chdir", "/", "the container's root", slash);
        PropagateRoot(slash);
    }

    private void PropagateRoot(nint slash)
    {
        if (Propagation(_linux.RootfsPropagation) is var propagation && propagation != 0)
        {
            _plan.Call(SystemCall.Mount, "mount", "/", $"root propagation {_linux.RootfsPropagation}", 0, slash, 0, (nint)propagation, 0);
        }
    }

    private static ulong Propagation(string? name) => name switch
    {
        null or "" => 0,
        "private" => MountFlags.Private,
        "rprivate" => MountFlags.Private | MountFlags.Recursive,
        "slave" => MountFlags.Slave,
        "rslave" => MountFlags.Slave | MountFlags.Recursive,
        "shared" => MountFlags.Shared,
        "rshared" => MountFlags.Shared | MountFlags.Recursive,
        "unbindable" => MountFlags.Unbindable,
        "runbindable" => MountFlags.Unbindable | MountFlags.Recursive,
        _ => throw SampanException.InvalidArgument($"unknown rootfsPropagation \"{name}\": use shared, slave, private or unbindable"),
    };

    private static string Relative(string parent, string path) =>
        path.Length > parent.Length + 1 && path.StartsWith(parent, StringComparison.Ordinal) && path[parent.Length] == '/'
            ? path[(parent.Length + 1)..]
            : path;

    /// <summary>overlay's option parser takes a backslash before its separators (fs/overlayfs/params.c).</summary>
    private static string Escape(string path) => path.AsSpan().IndexOfAny('\\', ',', ':') < 0
        ? path
        : path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}

using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private readonly Dictionary<RuntimeMount, (PlanRegister Tree, MountOptions Options)> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly List<(RuntimeMount Mount, MountOptions Options, PlanRegister Namespace, string Path, PlanRegister? IdMap)> _foreign = [];
    private PlanRegister? _proc;
    private PlanRegister? _dev;
    private PlanRegister? _devpts;
    private bool _devIsBind;

    /// <summary>Sources of bind mounts become detached trees on the host side: no path of the host is looked up by the child.</summary>
    private void OpenMountSources()
    {
        foreach (var mount in _spec.Mounts ?? [])
        {
            if (!mount.Destination.StartsWith('/'))
            {
                throw SampanException.InvalidArgument($"mount destination {mount.Destination} not absolute: begin it with /");
            }

            var options = MountOptions.Parse(mount.Options);
            RefuseOptions(mount, options);
            if (!options.Bind && mount.Type != "bind")
            {
                continue;
            }

            if (options.Remount)
            {
                continue;
            }

            var idMap = IdMapOf(mount, options);
            var source = mount.Source ?? throw SampanException.InvalidArgument($"mount {mount.Destination} has no source");
            if (!_request.Unprivileged && InOtherRoot(source, out var process, out var path))
            {
                var file = $"{process}/ns/mnt";
                var there = _plan.Call(
                    SystemCall.OpenAt, "openat", file, $"what will be mounted on {mount.Destination} is in there",
                    MountFlags.AtFdCwd, _plan.Arena.Text(file), OpenCloseOnExec).ToRegister();
                _foreign.Add((mount, options, there, path, idMap));
                continue;
            }

            var tree = CloneTree(source, source, mount, options);
            MapIds(tree, mount, options, idMap);
            _sources.Add(mount, (tree, options));
        }
    }

    /// <summary>A source in another process's mount namespace can be cloned only from within it (open_tree(2)).</summary>
    private void CloneForeignTrees()
    {
        foreach (var (mount, options, there, path, idMap) in _foreign)
        {
            _plan.Call(
                SystemCall.SetNs, "setns", "mount namespace of the source", $"where {mount.Source} can be cloned", there, (nint)NamespaceSet.Flag("mount"));
            Close(there, "mount namespace");
            var tree = CloneTree(mount.Source!, path, mount, options);
            MapIds(tree, mount, options, idMap);
            _sources.Add(mount, (tree, options));
        }
    }

    private PlanRegister CloneTree(string name, string path, RuntimeMount mount, MountOptions options) =>
        _plan.Call(
            SystemCall.OpenTree, "open_tree", name, $"what will be mounted on {mount.Destination}",
            MountFlags.AtFdCwd, _plan.Arena.Text(path),
            MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | (options.BindRecursive ? MountFlags.AtRecursive : 0)).ToRegister();

    private void MountAll()
    {
        foreach (var mount in _spec.Mounts ?? [])
        {
            if (_sources.TryGetValue(mount, out var source))
            {
                Bind(mount, source.Tree, source.Options);
            }
            else if (MountOptions.Parse(mount.Options) is { Remount: true } options)
            {
                Remount(mount, options);
            }
            else if (mount.Type is "cgroup" or "cgroup2")
            {
                MountCgroups(mount);
            }
            else
            {
                MountFilesystem(mount);
            }
        }
    }

    private void Bind(RuntimeMount mount, PlanRegister tree, MountOptions options)
    {
        var target = mount.Destination;
        if ((options.RecursiveSet | options.RecursiveClear) != 0)
        {
            SetAttributes(tree, target, options.RecursiveSet, options.RecursiveClear, 0, MountFlags.AtEmptyPath | MountFlags.AtRecursive, "options of the whole tree");
        }

        if ((options.Set | options.Clear) != 0)
        {
            SetAttributes(tree, target, options.Set, options.Clear, 0, MountFlags.AtEmptyPath, Describe(mount));
        }

        PropagateTree(tree, target, options);
        Place(tree, target, $"{mount.Source} appears here", tree);
        if (target == "/dev")
        {
            _devIsBind = true;
        }

        if (target != "/dev" && !_changes)
        {
            Close(tree, "mount");
        }
    }

    private void MountFilesystem(RuntimeMount mount)
    {
        var options = MountOptions.Parse(mount.Options);
        var type = mount.Type ?? throw SampanException.InvalidArgument($"mount {mount.Destination} has neither a type nor the option bind");
        var attributes = (options.Set & ~options.RecursiveClear) | options.RecursiveSet;
        var context = OpenFilesystem(type, mount.Destination, Purpose(type));
        if (mount.Source is { Length: > 0 } source && source != type)
        {
            Configure(context, type, "source", source);

            // A disk that is mounted read-only must not be written by its own file system either (journals, superblocks).
            if (source[0] == '/' && (attributes & MountFlags.AttributeReadOnly) != 0)
            {
                Configure(context, type, "ro", null);
            }
        }

        // Files of proc and sysfs are labelled by the policy, each for itself.
        if (_linux.MountLabel is { Length: > 0 } label && type is not ("proc" or "sysfs"))
        {
            Configure(context, type, "context", label);
        }

        ConfigureAll(context, type, options);
        var filesystem = Instantiate(context, type, options.CopyUp ? attributes & ~MountFlags.AttributeReadOnly : attributes);
        if (type == "tmpfs")
        {
            ResembleCovered(filesystem, mount, options);
            if (options.CopyUp && (attributes & MountFlags.AttributeReadOnly) != 0)
            {
                SetAttributes(filesystem, mount.Destination, MountFlags.AttributeReadOnly, 0, 0, MountFlags.AtEmptyPath, "now that the copy is there");
            }
        }

        // proc and sysfs on a link would let an image choose what /proc is (CVE-2019-19921, CVE-2025-52881): the place itself must be a directory.
        Place(filesystem, mount.Destination, Describe(mount), null, type is "proc" or "sysfs");
        foreach (var (propagation, recursive) in options.Propagations)
        {
            Propagate(filesystem, mount.Destination, propagation, recursive);
        }

        if (_changes)
        {
            return;
        }

        switch (type, mount.Destination)
        {
            case ("proc", "/proc"):
                _proc = filesystem;
                break;
            case ("tmpfs", "/dev"):
                _dev = filesystem;
                break;
            case ("devpts", "/dev/pts"):
                _devpts = filesystem;
                break;
            default:
                Close(filesystem, type);
                break;
        }
    }

    /// <summary>
    /// /sys/fs/cgroup: on v2 one tree; on v1 and hybrid a tmpfs with one directory a hierarchy. Only the container's own directories are
    /// bound, which a cgroup namespace shows as roots.
    /// </summary>
    private void MountCgroups(RuntimeMount mount)
    {
        var views = _request.Cgroup?.Views ?? [];

        // Without a group of its own and without a namespace it would see its maker's, and perhaps write them (CVE-2023-25809).
        var nothing = !_namespaces.Creates("cgroup") && views is [{ Directory.Length: 0 }, ..];
        var options = MountOptions.Parse(nothing ? [.. mount.Options ?? [], "ro"] : mount.Options);
        views = nothing ? [] : views;
        if (views is [{ Name.Length: 0 } unified])
        {
            var tree = CgroupTree(unified, mount.Destination, options);
            Place(tree, mount.Destination, "its own cgroup", null);
            Close(tree, unified.FilesystemType);
            return;
        }

        var context = OpenFilesystem("tmpfs", mount.Destination, "a directory for each cgroup hierarchy");
        Configure(context, "tmpfs", "mode", "755");
        var directory = Instantiate(context, "tmpfs", options.Set & ~MountFlags.AttributeReadOnly);
        Place(directory, mount.Destination, "a directory for each cgroup hierarchy", null);
        foreach (var view in views)
        {
            PlaceCgroupView(view, directory, $"{mount.Destination}/{view.Name}", options);
            foreach (var alias in view.Name.Contains(',', StringComparison.Ordinal) ? view.Name.Split(',') : [])
            {
                _plan.Call(
                    SystemCall.SymlinkAt, "symlinkat", $"{mount.Destination}/{alias}", "each controller under its own name",
                    _plan.Arena.Text(view.Name), directory, _plan.Arena.Text(alias));
            }
        }

        if ((options.Set & MountFlags.AttributeReadOnly) != 0)
        {
            SetAttributes(directory, mount.Destination, MountFlags.AttributeReadOnly, 0, 0, MountFlags.AtEmptyPath, "no new directories beside them");
        }

        Close(directory, "tmpfs");
    }

    // The directories lie in a tmpfs nobody else has seen yet: there is nothing to be careful of, path by path, beneath the root.
    private void PlaceCgroupView(CgroupView view, PlanRegister directory, string destination, MountOptions options)
    {
        var tree = CgroupTree(view, destination, options);
        var name = _plan.Arena.Text(view.Name);
        _plan.Call(SystemCall.MkdirAt, "mkdirat", destination, "a directory of the tmpfs", directory, name, 0x1ED);
        var place = _plan.Call(SystemCall.OpenAt, "openat", destination, "the place", directory, name, OpenPathDirectory).ToRegister();
        _plan.Call(
            SystemCall.MoveMount, "move_mount", destination, "its own cgroup",
            tree, _nothing, place, _nothing, MountFlags.MoveMountFromEmptyPath | MountFlags.MoveMountToEmptyPath);
        Close(place, "mount point");
        Close(tree, view.FilesystemType);
    }

    private PlanRegister CgroupTree(CgroupView view, string destination, MountOptions options)
    {
        // A new mount of the hierarchy would show the same, but waits for the kernel's one cgroup lock and, on v1, until every group that was
        // removed anywhere is gone for good (cgroup_lock_and_drain_offline). What lies on the host cannot be bound from a user namespace.
        if (_namespaces.Creates("cgroup") && (_namespaces.Has("user") || view.Directory.Length == 0))
        {
            var context = OpenFilesystem(view.FilesystemType, destination, "the container's own cgroup, shown as root");
            foreach (var option in view.Data.Length == 0 ? [] : view.Data.Split(','))
            {
                var equals = option.IndexOf('=', StringComparison.Ordinal);
                Configure(context, view.FilesystemType, equals < 0 ? option : option[..equals], equals < 0 ? null : option[(equals + 1)..]);
            }

            return Instantiate(context, view.FilesystemType, options.Set);
        }

        var tree = _plan.Call(
            SystemCall.OpenTree, "open_tree", view.Directory, "the container's own cgroup",
            MountFlags.AtFdCwd, _plan.Arena.Text(view.Directory), MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec).ToRegister();
        SetAttributes(tree, destination, options.Set, options.Clear, MountFlags.Private, MountFlags.AtEmptyPath, "mount options");
        return tree;
    }

    private PlanRegister OpenFilesystem(string type, string target, string purpose) =>
        _plan.Call(SystemCall.Fsopen, $"fsopen {type}", target, purpose, _plan.Arena.Text(type), MountFlags.FsOpenCloseOnExec).ToRegister();

    private void Configure(PlanRegister context, string type, string key, string? value) =>
        _plan.Call(
            SystemCall.Fsconfig, $"fsconfig {type}", value is null ? key : $"{key}={value}", "mount option",
            context,
            value is null ? MountFlags.FsConfigSetFlag : MountFlags.FsConfigSetString,
            _plan.Arena.Text(key),
            value is null ? 0 : _plan.Arena.Text(value),
            0);

    private PlanRegister Instantiate(PlanRegister context, string type, ulong attributes)
    {
        _plan.Call(SystemCall.Fsconfig, $"fsconfig {type}", "create", "make the file system", context, MountFlags.FsConfigCreate, 0, 0, 0);
        var mount = _plan.Call(
            SystemCall.Fsmount, $"fsmount {type}", AttributeNames(attributes), "a mount of it, not yet in any tree",
            context, MountFlags.FsMountCloseOnExec, (nint)attributes).ToRegister();
        Close(context, "file system context");
        return mount;
    }

    /// <summary>Puts a detached mount at a path beneath the root, which is made when it is missing.</summary>
    private void Place(PlanRegister mount, string path, string purpose, PlanRegister? kindOf, bool noFollow = false)
    {
        PlanRegister? placed = _changes ? NotePlace(mount, path) : null;
        var place = _plan.Macro(
            PlanOperation.MakeMountpoint, "openat2", path, "find or make the place, beneath the container's root",
            _root, _plan.Arena.Text(path), kindOf is { } source ? source : (PlanValue)(-1), noFollow ? NoFollow : 0).ToRegister();
        var move = _plan.Call(
            SystemCall.MoveMount, "move_mount", path, purpose,
            mount, _nothing, place, _nothing, MountFlags.MoveMountFromEmptyPath | MountFlags.MoveMountToEmptyPath);
        if (placed is { } register)
        {
            move.To(register);
        }

        Close(place, "mount point");
    }

    private void SetAttributes(PlanRegister mount, string target, ulong set, ulong clear, ulong propagation, int flags, string purpose)
    {
        // struct mount_attr: attr_set, attr_clr, propagation, userns_fd (mount_setattr(2)).
        var attributes = (ulong*)_plan.Arena.Allocate(32);
        attributes[0] = set;
        attributes[1] = clear;
        attributes[2] = propagation;
        _plan.Call(SystemCall.MountSetattr, "mount_setattr", $"{target} {AttributeNames(set)}".TrimEnd(), purpose, mount, _nothing, flags, (nint)attributes, 32);
    }

    /// <summary>Whether a path leads through the root of a process: /proc/PID/root/PATH (proc(5)).</summary>
    private static bool InOtherRoot(string source, out string process, out string path)
    {
        const string proc = "/proc/", root = "/root";
        process = path = "";
        var end = source.StartsWith(proc, StringComparison.Ordinal) ? source.IndexOf('/', proc.Length) : -1;
        if (end < 0 || !int.TryParse(source.AsSpan(proc.Length, end - proc.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || !source.AsSpan(end).StartsWith(root + "/"))
        {
            return false;
        }

        (process, path) = (source[..end], source[(end + root.Length)..]);
        return true;
    }
}

using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>
/// A root whose files have other owners in the container's user namespace than on the disk. Layers are shared by many containers and stay as
/// they are: the overlay is made over a view of them with mapped ids, and what is written belongs to the container's ids. An overlay made in
/// the user namespace could not read the layers' trusted.* attributes (overlayfs.rst, "userxattr"), so it is made outside, by the process in
/// between, in a mount namespace that ends with it; what the container gets is a mount in no tree.
/// </summary>
internal sealed unsafe partial class LaunchPlanCompiler
{
    private PlanRegister? _rootOwners;
    private PlanRegister? _mappedRoot;
    private PlanRegister _rootPlace;

    private bool MapsLayers => _request.Root is RootFilesystem.Overlay { Owners: not null };

    private void OpenMappedRoot()
    {
        switch (_request.Root)
        {
            case RootFilesystem.Overlay { Owners: { } owners }:
                _rootOwners = UserNamespaceOf(owners);
                break;
            case RootFilesystem.Directory { Owners: { } owners } directory:
                var tree = CloneTree(directory.Path, "the root directory, with other owners", recursive: true);
                MapTree(tree, directory.Path, UserNamespaceOf(owners));
                _mappedRoot = tree;
                break;
        }
    }

    /// <summary>Steps of the process in between.</summary>
    private void MountMappedOverlay()
    {
        if (_rootOwners is not { } owners || _request.Root is not RootFilesystem.Overlay overlay)
        {
            return;
        }

        _plan.Call(SystemCall.Unshare, "unshare", "mount namespace", "where the layers are seen with other owners, until this process ends", (nint)NamespaceSet.Flag("mount"));
        Close(PrivateMounts.Enter(_plan), "mount namespace");
        var parent = ParentOf(overlay);
        var target = _plan.Arena.Text(overlay.Mountpoint);
        var view = CloneTree(parent, "the layers, with other owners", recursive: false);
        MapTree(view, parent, owners);
        _plan.Call(
            SystemCall.MoveMount, "move_mount", overlay.Mountpoint, "overlay takes its layers by path",
            view, _nothing, MountFlags.AtFdCwd, target, MountFlags.MoveMountFromEmptyPath);
        Close(view, "layers");
        MountLimited(overlay, overlay.Mountpoint);
        _mappedRoot = CloneTree(overlay.Mountpoint, "the container's root, in no tree yet", recursive: false);
        _plan.Call(SystemCall.Umount2, "umount2", overlay.Mountpoint, "the overlay, which goes on without a place", target, MountFlags.UnmountDetach);
        _plan.Call(SystemCall.Chdir, "chdir", "/", "let go of the layers", _plan.Arena.Text("/"));
        _plan.Call(SystemCall.Umount2, "umount2", overlay.Mountpoint, "the layers, which the overlay has now", target, MountFlags.UnmountDetach);
    }

    /// <summary>The place of the root is opened while its directories, which are the host's, can still be searched.</summary>
    private void FindRootPlace()
    {
        if (_mappedRoot is not null)
        {
            var path = RootPath;
            _rootPlace = _plan.Call(
                SystemCall.OpenAt, "openat", path, "where the root will be", MountFlags.AtFdCwd, _plan.Arena.Text(path), OpenPathDirectory).ToRegister();
        }
    }

    private void PlaceMappedRoot(PlanRegister root)
    {
        // A directory's tree was cloned from a mount of the host, and may still be a peer of it.
        Propagate(root, "/", MountFlags.Slave, true);
        _plan.Call(
            SystemCall.MoveMount, "move_mount", RootPath, "image layers with mapped owners below, a writable layer on top",
            root, _nothing, _rootPlace, _nothing, MountFlags.MoveMountFromEmptyPath | MountFlags.MoveMountToEmptyPath);
        Close(_rootPlace, "place");
        _root = root;
    }

    private string RootPath => _request.Root is RootFilesystem.Overlay overlay ? overlay.Mountpoint : ((RootFilesystem.Directory)_request.Root).Path;

    private PlanRegister CloneTree(string path, string purpose, bool recursive) => _plan.Call(
        SystemCall.OpenTree, "open_tree", path, purpose,
        MountFlags.AtFdCwd, _plan.Arena.Text(path),
        MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | (recursive ? MountFlags.AtRecursive : 0)).ToRegister();

    private void MapTree(PlanRegister tree, string path, PlanRegister owners) => _plan.Macro(
        PlanOperation.MapMountIds, "mount_setattr", $"{path} idmap", "its files' owners are the container's", tree, owners, MountFlags.AtEmptyPath);
}

using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>
/// The plan of a change to a container that runs: a process that enters its mount namespace, does the same steps there as a start, waits
/// for leave, and takes all back where it does not get it.
/// </summary>
internal sealed unsafe partial class LaunchPlanCompiler
{
    private const int UnmountNoFollow = 8;
    private const int NoFollowSymlink = 0x100;

    private readonly List<Action> _undo = [];
    private readonly List<PlanRegister> _empty = [];
    private bool _changes;
    private PlanRegister _descriptors;

    /// <summary>Compiles.</summary>
    /// <param name="request">What is to change.</param>
    /// <returns>The plan, and what the parent fills in on the way.</returns>
    /// <exception cref="SampanException">The specification asks for what cannot be.</exception>
    public static CompiledChange CompileChange(LiveChangeRequest request)
    {
        var root = new RootFilesystem.Directory("/");
        using var compiler = new LaunchPlanCompiler(new LaunchRequest { Id = request.Id, Spec = request.Spec, Root = root, Unprivileged = false });
        return compiler.Change(request);
    }

    private CompiledChange Change(LiveChangeRequest request)
    {
        _changes = true;
        _status = _plan.NewRegister();
        _statusChild = _plan.NewRegister();
        _plan.Macro(
            PlanOperation.MakeSocketPair, "socketpair", "status channel", "tells the parent how far it came, and has its leave to go on",
            _status.Index, _statusChild.Index);
        OpenMountSources();
        _plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "the process that changes the container");
        _plan.EnterContainer();
        _steps.BindToParent(_status, _statusChild);
        _descriptors = _plan.Call(
            SystemCall.OpenAt, "openat", "/proc/self/fd", "its descriptors by name, should a mount have to be taken back",
            MountFlags.AtFdCwd, _plan.Arena.Text("/proc/self/fd"), OpenPathDirectory).ToRegister();
        CloneForeignTrees();
        EnterContainer(request);

        // The container outlives its monitor: what is done to it half must be taken back, and who is killed takes nothing back. The end of the
        // status channel is what tells.
        _steps.OutliveParent();
        var removals = new List<MountRemoval>();
        foreach (var path in request.RemovedMounts)
        {
            removals.Add(Look(path));
        }

        _steps.Report(_statusChild, LaunchPoint.NamespacesMade);
        for (var index = 0; index < removals.Count; index++)
        {
            Remove(removals[index], request.Lazily);
        }

        foreach (var device in request.RemovedDevices)
        {
            RemoveDevice(device);
        }

        MountAll();
        foreach (var device in _linux.Devices ?? [])
        {
            AddDevice(device);
        }

        _steps.Report(_statusChild, LaunchPoint.Ready);
        _plan.Call(
            SystemCall.Write, "write", "mark", "it stays, whatever becomes of who wanted it", request.Mark.Number, _plan.Arena.Text("+"), 1);
        _plan.BeginUndo();
        for (var index = _undo.Count - 1; index >= 0; index--)
        {
            _undo[index]();
        }

        var clone = new CloneArguments(CloneArguments.PidFd | CloneArguments.ClearSigHand, null);
        var plan = _plan.Build("", []);
        foreach (var register in _empty)
        {
            plan.SetRegister(register, -1);
        }

        return new CompiledChange(new CompiledLaunch(plan, clone, _status), removals);
    }

    private void EnterContainer(LiveChangeRequest request)
    {
        var types = NamespaceSet.Flag("mount") | (_namespaces.Has("user") ? NamespaceSet.Flag("user") : 0);
        _plan.Call(SystemCall.SetNs, "setns", "mount namespace", "of the container's first process; its root is the container's", request.InitPidFd.Number, (nint)types);
        if (_namespaces.Has("user"))
        {
            _plan.Call(SystemCall.Setresgid, "setresgid", "0", "root of the user namespace", 0, 0, 0);
            _plan.Call(SystemCall.Setresuid, "setresuid", "0", "root of the user namespace", 0, 0, 0);
        }

        _root = _plan.Call(
            SystemCall.OpenAt, "openat", "/", "every path of the container is resolved beneath this descriptor",
            MountFlags.AtFdCwd, _plan.Arena.Text("/"), OpenPathDirectory).ToRegister();
    }

    /// <summary>Where a path leads may have changed since the start: the parent is told the mount, and says by which names it is taken off.</summary>
    private MountRemoval Look(string path)
    {
        var mount = NewEmptyRegister();
        var place = _plan.Call(
            SystemCall.OpenAt2, "openat2", path, "what is mounted there",
            _root, _plan.Arena.Text(path), _steps.OpenHow(OpenPath), ProcessSteps.OpenHowSize).Tolerate([Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP], 2).ToRegister();
        _plan.Macro(PlanOperation.FindMount, "statx", path, "which mount it is", place).Tolerate([Errno.EINVAL]).To(mount);
        Close(place, "mount");
        return new MountRemoval(path, mount, NewEmptyRegister(), NewEmptyRegister());
    }

    /// <summary>
    /// The mount's own name in the directory that holds it: held open, that directory cannot be exchanged. Nothing is left open in it or in
    /// the mount: the mounts they are on would be busy.
    /// </summary>
    private void Remove(MountRemoval removal, bool lazily)
    {
        var directory = OpenDirectoryOf(removal).ToRegister();
        var place = _plan.Call(
            SystemCall.OpenAt, "openat", removal.Path, "the mount", directory, removal.Name, OpenPath | NoFollow).ToRegister();
        _plan.Macro(PlanOperation.RequireMount, "openat2", removal.Path, "it is still the mount that was found", place, removal.Mount);
        var copy = NewEmptyRegister();
        _plan.Call(
            SystemCall.OpenTree, "open_tree", removal.Path, "to put it back, should another step fail",
            place, _nothing, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | MountFlags.AtEmptyPath | MountFlags.AtRecursive)
            .Tolerate([Errno.EINVAL]).To(copy);
        Close(place, "mount");
        _plan.Call(SystemCall.Fchdir, "fchdir", removal.Path, "the directory it is mounted in", directory);
        Close(directory, "directory");
        var done = NewEmptyRegister();
        _plan.Call(
            SystemCall.Umount2, "umount2", removal.Path, "it goes",
            removal.Name, UnmountNoFollow | (lazily ? MountFlags.UnmountDetach : 0)).To(done);
        _undo.Add(() =>
        {
            var again = NewEmptyRegister();
            OpenDirectoryOf(removal).To(again);
            _plan.Call(
                SystemCall.MoveMount, "move_mount", removal.Path, "back again",
                copy, _nothing, again, removal.Name, MountFlags.MoveMountFromEmptyPath, done);
        });
    }

    private PlanBuilder.StepHandle OpenDirectoryOf(MountRemoval removal) => _plan.Call(
        SystemCall.OpenAt2, "openat2", removal.Path, "the directory it is mounted in",
        _root, removal.Directory, _steps.OpenHow(OpenPathDirectory, Sampan.Linux.Files.ResolveFlags.NoSymlinks), ProcessSteps.OpenHowSize);

    /// <returns>Filled by the step that puts the mount there.</returns>
    private PlanRegister NotePlace(PlanRegister mount, string path)
    {
        NoteMissing(path);
        var placed = NewEmptyRegister();
        _undo.Add(() => _plan.Macro(PlanOperation.TakeOff, "umount2", path, "off again", _descriptors, mount, placed));
        return placed;
    }

    private void NoteMissing(string path)
    {
        var missing = NewEmptyRegister();
        var text = _plan.Arena.Text(path);
        _plan.Macro(PlanOperation.CountMissing, "openat2", path, "whether it is there already", _root, text).Tolerate([Errno.EEXIST]).To(missing);
        _undo.Add(() => _plan.Macro(PlanOperation.RemovePlace, "unlinkat", path, "the place that was made for it", _root, text, missing));
    }

    private void AddDevice(RuntimeDevice device)
    {
        if (_namespaces.Has("user") && device.Type != "p")
        {
            BindDevice(device);
            return;
        }

        var slash = device.Path.LastIndexOf('/');
        var parent = slash == 0 ? "/" : device.Path[..slash];
        var name = _plan.Arena.Text(device.Path[(slash + 1)..]);
        NoteMissing(parent);
        var directory = _plan.Macro(PlanOperation.MakeMountpoint, "openat2", parent, "the device's directory", _root, _plan.Arena.Text(parent), -1).ToRegister();
        var made = NewEmptyRegister();
        _plan.Call(
            SystemCall.MknodAt, "mknodat", device.Path, $"device {device.Type} {device.Major}:{device.Minor}",
            directory, name, (nint)ModeOf(device), (nint)DeviceNumber(device.Major, device.Minor)).To(made);
        Own(device, directory, name, made);
        _undo.Add(() => _plan.Call(SystemCall.UnlinkAt, "unlinkat", device.Path, "off again", directory, name, 0, made));
    }

    private void RemoveDevice(RuntimeDevice device)
    {
        var slash = device.Path.LastIndexOf('/');
        var name = _plan.Arena.Text(device.Path[(slash + 1)..]);
        var parent = slash == 0 ? "/" : device.Path[..slash];
        var gone = NewEmptyRegister();
        var directory = NewEmptyRegister();
        _plan.Call(
            SystemCall.OpenAt2, "openat2", parent, "the device's directory",
            _root, _plan.Arena.Text(parent), _steps.OpenHow(OpenPathDirectory), ProcessSteps.OpenHowSize)
            .Tolerate([Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP], 1).To(directory);
        _plan.Macro(
            PlanOperation.RemoveNode, "unlinkat", device.Path, "the device goes",
            directory, name, (nint)FileTypeOf(device), (nint)DeviceNumber(device.Major, device.Minor)).Tolerate([Errno.ENOENT]).To(gone);
        _undo.Add(() => Own(device, directory, name, gone));
        _undo.Add(() => _plan.Call(
            SystemCall.MknodAt, "mknodat", device.Path, "back again",
            directory, name, (nint)ModeOf(device), (nint)DeviceNumber(device.Major, device.Minor), gone));
    }

    private void Own(RuntimeDevice device, PlanRegister directory, nint name, PlanRegister made) => _plan.Call(
        SystemCall.FchownAt, "fchownat", device.Path, "its owner",
        directory, name, (nint)(device.Uid ?? 0), (nint)(device.Gid ?? 0), NoFollowSymlink, made);

    private static uint ModeOf(RuntimeDevice device) => FileTypeOf(device) | ((device.FileMode ?? 0x1B6) & 0xFFF);

    /// <summary>-1 until a step fills it: steps that take something back leave out what was not done.</summary>
    private PlanRegister NewEmptyRegister()
    {
        var register = _plan.NewRegister();
        _empty.Add(register);
        return register;
    }
}

using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private const uint FileTypeCharacter = 0x2000;
    private const uint FileTypeBlock = 0x6000;
    private const uint FileTypeFifo = 0x1000;
    private const uint FileTypeRegular = 0x8000;

    private static readonly nint NoFollow = OpenFlags.NoFollow.ToKernel();

    private static readonly (string Name, string Target)[] DefaultLinks =
    [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
    ];

    private void MakeDevices()
    {
        // A bound /dev is somebody else's: nothing is made in it (runc does the same).
        if (_devIsBind)
        {
            return;
        }

        _dev ??= _plan.Macro(
            PlanOperation.MakeMountpoint, "openat2", "/dev", "devices are made here", _root, _plan.Arena.Text("/dev"), -1).ToRegister();
        foreach (var device in DeviceNodes.Of(_linux))
        {
            MakeDevice(device);
        }

        foreach (var (name, target) in DefaultLinks)
        {
            _plan.Call(
                SystemCall.SymlinkAt, "symlinkat", $"/dev/{name}", $"points to {target}", _plan.Arena.Text(target), _dev.Value, _plan.Arena.Text(name))
                .Tolerate([Errno.EEXIST]);
        }
    }

    private void MakeDevice(RuntimeDevice device)
    {
        var slash = device.Path.LastIndexOf('/');
        if (device.Path.Length == 0 || slash == device.Path.Length - 1)
        {
            throw SampanException.InvalidArgument($"device path {device.Path} names a directory: end it with a name");
        }

        if (!device.Path.StartsWith('/'))
        {
            throw SampanException.InvalidArgument($"device path {device.Path} not absolute: begin it with /");
        }

        if (_namespaces.Has("user") && device.Type != "p")
        {
            _ = FileTypeOf(device);
            BindDevice(device);
            return;
        }

        var parent = device.Path[..slash];
        var name = _plan.Arena.Text(device.Path[(slash + 1)..]);
        var isInDev = parent == "/dev";
        var directory = isInDev
            ? _dev!.Value
            : _plan.Macro(PlanOperation.MakeMountpoint, "openat2", parent.Length == 0 ? "/" : parent, "the device's directory", _root, _plan.Arena.Text(parent), -1).ToRegister();
        var type = FileTypeOf(device);
        var mode = type | ((device.FileMode ?? 0x1B6) & 0xFFF);
        var numbers = type == FileTypeFifo ? "" : $" {device.Major}:{device.Minor}";
        var owned = device.Uid is > 0 || device.Gid is > 0;

        // A node that is there already stays as it is, as with runc.
        _plan.Call(
            SystemCall.MknodAt, "mknodat", device.Path, $"device {device.Type}{numbers}",
            directory, name, (nint)mode, (nint)(type == FileTypeFifo ? 0 : DeviceNumber(device.Major, device.Minor)))
            .Tolerate([Errno.EEXIST], owned ? 1 : 0);
        if (owned)
        {
            _plan.Call(
                SystemCall.FchownAt, "fchownat", device.Path, "its owner", directory, name, (nint)(device.Uid ?? 0), (nint)(device.Gid ?? 0), 0x100);
        }

        if (!isInDev)
        {
            Close(directory, "directory");
        }
    }

    private static uint FileTypeOf(RuntimeDevice device) => device.Type switch
    {
        "c" or "u" => FileTypeCharacter,
        "b" => FileTypeBlock,
        "p" => FileTypeFifo,
        _ => throw SampanException.InvalidArgument($"device {device.Path}: unknown type \"{device.Type}\": use c, u, b or p"),
    };

    /// <summary>mknod of devices is refused in a user namespace (user_namespaces(7)): the host's node is bound instead.</summary>
    private void BindDevice(RuntimeDevice device)
    {
        var tree = _plan.Call(
            SystemCall.OpenTree, "open_tree", device.Path, "the host's device node",
            MountFlags.AtFdCwd, _plan.Arena.Text(device.Path), MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec).ToRegister();
        Place(tree, device.Path, "the device", tree);
        if (!_changes)
        {
            Close(tree, "mount");
        }
    }

    /// <summary>The terminal comes from the container's own devpts and is bound by descriptor, never by name (CVE-2025-52565).</summary>
    private void MakeConsole()
    {
        if (!_process.Terminal)
        {
            return;
        }

        var directory = _devpts ?? throw SampanException.InvalidArgument("a terminal needs a devpts mount on /dev/pts");
        var slave = _steps.OpenTerminal(directory, "ptmx", _statusChild);
        if (_devIsBind || _dev is not { } dev)
        {
            return;
        }

        var console = _plan.Arena.Text("console");
        _plan.Call(SystemCall.MknodAt, "mknodat", "/dev/console", "a file to put the terminal on", dev, console, (nint)(FileTypeRegular | 0x180), 0)
            .Tolerate([Errno.EEXIST]);
        var tree = _plan.Call(
            SystemCall.OpenTree, "open_tree", "terminal", "a mount of the terminal",
            slave, _nothing, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | MountFlags.AtEmptyPath).ToRegister();
        _plan.Call(
            SystemCall.MoveMount, "move_mount", "/dev/console", "the terminal is the console", tree, _nothing, dev, console, MountFlags.MoveMountFromEmptyPath);
        Close(tree, "mount");
    }

    /// <summary>Linux's encoding of a device number in a user-space dev_t (makedev(3)).</summary>
    private static ulong DeviceNumber(long major, long minor) =>
        (((ulong)major & 0xFFFFF000) << 32) | (((ulong)major & 0xFFF) << 8) | (((ulong)minor & 0xFFFFFF00) << 12) | ((ulong)minor & 0xFF);
}

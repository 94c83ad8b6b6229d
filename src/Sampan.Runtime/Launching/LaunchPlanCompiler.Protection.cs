using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    /// <summary>
    /// Writes go through the descriptor of a proc mount made by this very plan, never through /proc by name: what lies there may be
    /// anything (CVE-2025-52881).
    /// </summary>
    private void SetKernelParameters()
    {
        var sysctls = _linux.Sysctl ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var score = _namespaces.Creates("user") ? null : _process.OomScoreAdj;
        var labelled = !string.IsNullOrEmpty(_process.ApparmorProfile) || !string.IsNullOrEmpty(_process.SelinuxLabel);
        if (sysctls.Count == 0 && score is null && !labelled)
        {
            return;
        }

        var proc = _proc ?? Instantiate(OpenFilesystem("proc", "private", "kernel parameters are written through it"), "proc", 0);
        foreach (var (name, value) in sysctls)
        {
            _steps.WriteFile(proc, $"sys/{KernelParameter.PathOf(name)}", value, $"kernel parameter {name}");
        }

        if (score is { } adjustment)
        {
            _steps.WriteFile(proc, "self/oom_score_adj", adjustment.ToString(System.Globalization.CultureInfo.InvariantCulture), "how readily the kernel kills it when memory is short");
        }

        _steps.SetLabels((name, value, purpose) => _steps.WriteFile(proc, $"self/{name}", value, purpose));
    }

    private void ProtectPaths()
    {
        // The working directory is made while the root can still be written; docker makes a missing one too.
        if (_process.Cwd != "/")
        {
            var cwd = _plan.Macro(
                PlanOperation.MakeMountpoint, "openat2", _process.Cwd, "make the working directory when it is missing", _root, _plan.Arena.Text(_process.Cwd), -1)
                .Tolerate([Errno.EROFS, Errno.ENOTDIR], 1).ToRegister();
            Close(cwd, "directory");
        }

        foreach (var path in _linux.ReadonlyPaths ?? [])
        {
            MakeReadOnly(path);
        }

        if (_linux.MaskedPaths is { Count: > 0 } masked)
        {
            Mask(masked);
        }

        if (_proc is { } proc)
        {
            Close(proc, "proc");
        }
    }

    private void MakeReadOnly(string path)
    {
        var place = _plan.Call(
            SystemCall.OpenAt2, "openat2", path, "to be made read-only", _root, _plan.Arena.Text(path), _steps.OpenHow(OpenPath), ProcessSteps.OpenHowSize)
            .Tolerate([Errno.ENOENT, Errno.ENOTDIR], 5).ToRegister();
        var tree = _plan.Call(
            SystemCall.OpenTree, "open_tree", path, "a mount of it",
            place, _nothing, MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | MountFlags.AtEmptyPath | MountFlags.AtRecursive).ToRegister();
        SetAttributes(tree, path, MountFlags.AttributeReadOnly, 0, 0, MountFlags.AtEmptyPath | MountFlags.AtRecursive, "cannot be written");
        _plan.Call(
            SystemCall.MoveMount, "move_mount", path, "over itself, read-only",
            tree, _nothing, place, _nothing, MountFlags.MoveMountFromEmptyPath | MountFlags.MoveMountToEmptyPath);
        Close(tree, "mount");
        Close(place, "mount point");
    }

    /// <summary>
    /// One empty directory and one null device cover all masked paths. Both are taken where no container can put anything else
    /// (CVE-2025-31133): the null device from the host's /dev, the directory from a file system made here and parked on the host's /proc,
    /// which goes away with the old root.
    /// </summary>
    private void Mask(IReadOnlyList<string> paths)
    {
        var nullDevice = _plan.Call(
            SystemCall.OpenAt, "openat", "/dev/null", "covers files that must not be read",
            MountFlags.AtFdCwd, _plan.Arena.Text("/dev/null"), OpenPath).ToRegister();
        var context = OpenFilesystem("tmpfs", "empty directory", "covers directories that must not be read");
        Configure(context, "tmpfs", "size", "0");
        Configure(context, "tmpfs", "nr_inodes", "2");
        var empty = Instantiate(
            context, "tmpfs", MountFlags.AttributeReadOnly | MountFlags.AttributeNoSuid | MountFlags.AttributeNoDev | MountFlags.AttributeNoExec);
        _plan.Call(
            SystemCall.MoveMount, "move_mount", "/proc of the host side", "only a mount that is in a tree can be cloned",
            empty, _nothing, MountFlags.AtFdCwd, _plan.Arena.Text("/proc"), MountFlags.MoveMountFromEmptyPath);
        foreach (var path in paths)
        {
            _plan.Macro(PlanOperation.MaskPath, "mask", path, "cannot be read", _root, _plan.Arena.Text(path), nullDevice, empty);
        }

        Close(empty, "empty directory");
        Close(nullDevice, "null device");
    }
}

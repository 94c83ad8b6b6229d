using System.Text;
using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private readonly List<(string Path, PlanRegister File)> _resctrlTasks = [];

    /// <summary>The group is made and filled on the host side; the child enters it as it enters its control groups.</summary>
    private void OpenResctrlGroup()
    {
        if (ResctrlGroup.Of(_linux.IntelRdt, _request.Id, _request.ResctrlMountpoint) is not { } group)
        {
            return;
        }

        if (group.Makes)
        {
            MakeResctrlDirectory(group.Directory, "a group of the processor's resource director");
        }

        if (group.Schemata.Length > 0)
        {
            var path = $"{group.Directory}/schemata";
            var file = OpenToWrite(path, "its share of cache and memory bandwidth");
            _plan.Call(
                SystemCall.Write, "write", $"{path} = {group.Schemata.TrimEnd('\n').Replace("\n", ", ", StringComparison.Ordinal)}", "its share of cache and memory bandwidth",
                file, _plan.Arena.Text(group.Schemata), Encoding.UTF8.GetByteCount(group.Schemata));
        }

        OpenTasks(group.Directory);
        if (group.MonitoringDirectory is { } monitoring)
        {
            MakeResctrlDirectory(monitoring, "what the container uses is counted for itself");
            OpenTasks(monitoring);
        }
    }

    private void EnterResctrlGroup()
    {
        foreach (var (path, file) in _resctrlTasks)
        {
            _plan.Call(SystemCall.Write, "write", path, "enter the group", file, _plan.Arena.Text("0"), 1);
        }
    }

    private void MakeResctrlDirectory(string path, string purpose) =>
        _plan.Call(SystemCall.MkdirAt, "mkdirat", path, purpose, MountFlags.AtFdCwd, _plan.Arena.Text(path), 0x1ED).Tolerate([Errno.EEXIST]);

    private void OpenTasks(string directory) =>
        _resctrlTasks.Add(($"{directory}/tasks", OpenToWrite($"{directory}/tasks", "the child enters this group")));

    private PlanRegister OpenToWrite(string path, string purpose) =>
        _plan.Call(SystemCall.OpenAt, "openat", path, purpose, MountFlags.AtFdCwd, _plan.Arena.Text(path), OpenWriteOnly).ToRegister();
}

using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

/// <summary>The plan of a change to a running container, and what takes it back.</summary>
public sealed class ChangePlanTests
{
    [Fact]
    public void What_is_done_is_undone_backwards()
    {
        using var init = FileDescriptor.Open("/proc/self/ns/mnt", OpenFlags.ReadOnly);
        var device = new RuntimeDevice { Path = "/dev/sub/x", Type = "c", Major = 1, Minor = 7, FileMode = 0x1B6 };
        var compiled = LaunchPlanCompiler.CompileChange(new LiveChangeRequest
        {
            Id = "box",
            Spec = SpecSample.Spec with
            {
                Mounts =
                [
                    new() { Destination = "/data", Type = "bind", Source = "/srv", Options = ["rbind", "rro", "rprivate"] },
                    new() { Destination = "/t", Type = "tmpfs", Source = "tmpfs", Options = ["mode=1777"] },
                ],
                Linux = SpecSample.Spec.Linux! with { Devices = [device] },
            },
            InitPidFd = init,
            Mark = init,
            RemovedMounts = ["/old"],
            RemovedDevices = [device with { Path = "/dev/gone" }],
        });
        using var launch = compiled.Launch;
        var plan = launch.Plan;
        var steps = plan.Texts.Select(text => $"{text.Call} {text.Object}").Where(text => !text.StartsWith("close ", StringComparison.Ordinal)).ToList();
        steps[..3].ShouldBe(["socketpair status channel", "open_tree /srv", "clone3 no new namespaces"], "what has a path of the host is opened before");
        steps.IndexOf("setns mount namespace").ShouldBeGreaterThan(steps.IndexOf("openat /proc/self/fd"));
        steps.IndexOf("statx /old").ShouldBeLessThan(steps.IndexOf("umount2 /old"));
        steps.IndexOf("umount2 /old").ShouldBeLessThan(steps.IndexOf("unlinkat /dev/gone"));
        steps.IndexOf("unlinkat /dev/gone").ShouldBeLessThan(steps.IndexOf("move_mount /data"), "what goes makes room for what comes");
        plan.Texts.Skip(plan.UndoStart).Select(text => $"{text.Call} {text.Object}").ShouldBe(
        [
            "unlinkat /dev/sub/x", "unlinkat /dev/sub", "umount2 /t", "unlinkat /t", "umount2 /data", "unlinkat /data",
            "mknodat /dev/gone", "fchownat /dev/gone", "openat2 /old", "move_mount /old",
        ]);
        plan.Texts[plan.UndoStart - 2].Object.ShouldBe("status channel", "it waits for leave before it ends");
        plan.Texts[plan.UndoStart - 1].Object.ShouldBe("mark", "and says last of all that it stays");
        compiled.Removals.ShouldHaveSingleItem().Path.ShouldBe("/old");
    }
}

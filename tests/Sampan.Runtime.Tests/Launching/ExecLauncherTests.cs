using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

public sealed class ExecLauncherTests
{
    [Fact]
    public void A_clone_the_kernel_refuses_is_named_and_leaves_no_descriptor()
    {
        using var self = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, Environment.ProcessId), "open pidfd"));
        var request = new ExecRequest
        {
            Id = "full",
            Process = new RuntimeProcess { Args = ["/bin/true"], Cwd = "/" },
            InitPidFd = self,
            Namespaces = [],

            // No cgroup: CLONE_INTO_CGROUP answers EBADF, as it answers EAGAIN for a group at its pids limit.
            Cgroup = new CgroupPlacement { CloneDirectory = "/usr" },
        };
        for (var round = 0; round < 20; round++)
        {
            Should.Throw<SampanException>(() => ExecLauncher.Launch(request)).Message.ShouldContain("EBADF");
        }

        Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget).ShouldNotContain("/usr");
    }
}

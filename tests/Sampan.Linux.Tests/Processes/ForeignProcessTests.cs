using System.Diagnostics;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;

namespace Sampan.Linux.Tests.Processes;

public sealed class ForeignProcessTests
{
    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("exit 255", 255)]
    public void Reads_an_exit_before_and_after_it_was_reaped(string script, int expected)
    {
        // Its parent is a shell that stands still while it ends, and reaps it when it goes on.
        var gate = Path.Combine(Path.GetTempPath(), $"sampan-gate-{Guid.NewGuid():N}");
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"sh -c 'while ! [ -e {gate} ]; do sleep 0.01; done; {script}' & echo $!; wait; echo reaped; read end"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var pid = int.Parse(shell.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        var start = ProcessStatus.StartTime(pid);
        using var process = ForeignProcess.TryOpen(pid, start).ShouldNotBeNull();
        ForeignProcess.HasEnded(process).ShouldBeFalse();
        ForeignProcess.TryExitCode(process, pid, start).ShouldBeNull("it runs");
        ForeignProcess.TryOpen(pid, start + 1).ShouldBeNull("another process of that number");

        Kernel.Check(Kernel.Call(SystemCall.Kill, shell.Id, 19), "stop");
        File.WriteAllText(gate, "");
        SpinWait.SpinUntil(() => ForeignProcess.HasEnded(process), TimeSpan.FromSeconds(20)).ShouldBeTrue();
        ForeignProcess.TryExitCode(process, pid, start).ShouldBe(expected);
        Kernel.Check(Kernel.Call(SystemCall.Kill, shell.Id, 18), "go on");
        shell.StandardOutput.ReadLine().ShouldBe("reaped");
        if (ForeignProcess.TryAsk(process) is { } status)
        {
            ForeignProcess.TryExitCode(process, pid, start).ShouldBe(expected);
            status.ShouldBe(expected > 128 && expected < 255 ? expected - 128 : expected << 8);
        }
        else
        {
            Environment.OSVersion.Version.ShouldBeLessThan(new Version(6, 15), "a kernel of 6.15 tells");
        }

        ForeignProcess.TryOpen(pid, start).ShouldBeNull("it is gone");
        shell.StandardInput.Close();
        shell.WaitForExit();
        File.Delete(gate);
    }

    [Fact]
    public void A_boot_has_a_name() => HostBoot.Id.ShouldBe(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
}

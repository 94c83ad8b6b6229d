using System.Text.Json;

namespace Sampan.EndToEnd.Failures;

/// <summary>
/// Kills a monitor at every system call by which it changes the mounts and devices of its container, one after the other: what the record says and what
/// the kernel has agree as soon as another monitor has taken over, without a restart.
/// </summary>
public sealed class LiveChangeKillTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Tunnel = "/dev/net/tun";
    private const int Limit = 200;

    // What the monitor writes, renames, makes and removes, and by what it speaks with the process that makes the change: sendmsg gives it leave.
    private static readonly string[] Calls = ["clone3", "recvmsg", "sendmsg", "waitid", "write", "renameat2", "unlinkat", "mkdirat"];

    [Fact]
    public void Record_and_kernel_agree_without_a_restart()
    {
        var source = Directory.CreateDirectory(Path.Combine(host.Folder, "source")).FullName;
        var id = host.Detached("busybox", "sleep", "1000");
        var round = 0;
        var (killed, stayed, takenBack) = (0, 0, 0);
        foreach (var call in Calls)
        {
            var wasKilled = true;
            for (var number = 1; wasKilled; number++)
            {
                number.ShouldBeLessThan(Limit, "the monitor makes ever more calls");
                var target = $"/k{round++}";
                var what = $"after a kill at {call} {number}";
                wasKilled = UpdateKilledAt(
                    id, call, number,
                    "--mount-add", $"type=bind,src={source},dst={target}", "--mount-add", "type=volume,dst=/anonymous", "--device-add", $"{Tunnel}:/dev/mine:r");
                host.Status(id).ShouldBe("running", what);

                // The process that makes the change may still be at it.
                Patience.ShouldCome(() => Mounted(id).SequenceEqual(Recorded(id)), what + ": mounted is what is recorded");
                var isThere = Mounted(id).Contains(target);
                Devices(id).ShouldBe(isThere ? 1 : 0, what);
                IsAllowed(id).ShouldBe(isThere, what);
                host.Sampan("volume", "ls", "-q").Lines.Count.ShouldBe(isThere ? 1 : 0, what);
                killed += wasKilled ? 1 : 0;
                stayed += wasKilled && isThere ? 1 : 0;
                takenBack += wasKilled && !isThere ? 1 : 0;
                if (isThere)
                {
                    host.Sampan("update", "--mount-rm", target, "--mount-rm", "/anonymous", "--device-rm", "/dev/mine", id).ShouldSucceed();
                    host.Sampan("volume", "prune", "-f").ShouldSucceed();
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"killed {killed} times: {takenBack} changes taken back, {stayed} stayed");
        takenBack.ShouldBeGreaterThan(3);
        stayed.ShouldBeGreaterThan(0);
        host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
    }

    /// <returns>Whether it was killed; false when it makes no such call any more.</returns>
    private bool UpdateKilledAt(string id, string call, int number, params string[] change)
    {
        var log = Path.Combine(host.Folder, "calls");
        var monitor = host.Monitor(id);
        using var tracer = new RunningCommand(
            "strace", ["-q", "-o", log, "-e", "trace=" + call, "-e", $"inject={call}:signal=KILL:when={number}", "-p", $"{monitor}"]);
        Patience.ShouldCome(() => Processes.Status(monitor, "TracerPid") == $"{tracer.Pid}", "strace has the monitor");
        var update = host.Sampan(["update", .. change, id]);

        // SIGTERM lets a monitor go that lives; it does not notice. Killed, it may have answered before.
        _ = Native.kill(tracer.Pid, Native.SIGTERM);
        tracer.Wait();
        return update.ExitCode != 0 || File.ReadAllText(log).Contains("killed by SIGKILL", StringComparison.Ordinal) || !Processes.IsAlive(monitor);
    }

    private List<string> Recorded(string id) =>
        [.. host.Inspect(id).GetProperty("Mounts").EnumerateArray().Select(mount => mount.GetProperty("Destination").GetString()!).Order()];

    private List<string> Mounted(string id) =>
        [.. File.ReadLines($"/proc/{host.Pid(id)}/mountinfo").Select(line => line.Split(' ')[4])
            .Where(path => path == "/anonymous" || path.StartsWith("/k", StringComparison.Ordinal)).Order()];

    private int Devices(string id) =>
        host.Inspect(id).GetProperty("HostConfig").GetProperty("Devices") is { ValueKind: JsonValueKind.Array } devices ? devices.GetArrayLength() : 0;

    private bool IsAllowed(string id) => host.Sampan("exec", id, "sh", "-c", "mknod /made c 10 200 2>/dev/null; : < /made").ExitCode == 0;
}

using System.Globalization;

namespace Sampan.EndToEnd.Failures;

/// <summary>What a command was asked for is true when it returns, not soon after: looked at once, without patience.</summary>
public sealed class TrueOnReturnTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Rounds = 10;
    private const string Stubborn = "trap '' TERM INT; while :; do sleep 0.001; done";

    [Fact]
    public void Kill_returns_when_the_container_has_ended()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var id = host.Detached("busybox", "sh", "-c", Stubborn);
            var pid = host.Pid(id);
            if (round % 3 == 2)
            {
                host.Sampan("pause", id).ShouldSucceed();
            }

            host.Sampan("kill", id).ShouldSucceed().ShouldBe(id);
            Directory.Exists($"/proc/{pid}").ShouldBeFalse();
            var state = host.Inspect(id).GetProperty("State");
            state.GetProperty("Status").GetString().ShouldBe("exited");
            state.GetProperty("ExitCode").GetInt32().ShouldBe(137);
            host.Sampan("kill", id).ShouldFailInOneLine(1, "is not running");
            host.Sampan("rm", id).ShouldSucceed();
        }
    }

    [Fact]
    public void Several_are_stopped_in_the_time_of_one()
    {
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => host.Detached("busybox", "sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"))];
        foreach (var id in ids)
        {
            Patience.ShouldCome(() => host.Sampan("logs", id).Text == "deaf", "it ignores the signal");
        }

        var started = Environment.TickCount64;
        host.Sampan(["stop", "-t", "4", .. ids]).ShouldSucceed().ShouldBe(string.Join('\n', ids));

        // One after the other they take twelve seconds.
        (Environment.TickCount64 - started).ShouldBeInRange(4_000, 9_000);
        ids.ShouldAllBe(id => host.Status(id) == "exited");
        host.Sampan(["rm", .. ids]).ShouldSucceed();
    }

    [Fact]
    public void Several_are_killed_at_once_and_named_in_order()
    {
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => host.Detached("busybox", "sleep", "1000"))];
        var monitor = host.Monitor(ids[0]);
        Native.kill(monitor, Native.SIGSTOP).ShouldBe(0);
        using var kill = host.Start(["kill", .. ids]);
        try
        {
            // The first cannot answer; asked one after the other, the second would wait for it.
            Patience.ShouldCome(() => ids[1..].All(id => host.Status(id) == "exited"), "the others are killed");
            kill.HasExited.ShouldBeFalse();
        }
        finally
        {
            Native.kill(monitor, Native.SIGCONT).ShouldBe(0);
        }

        kill.Wait().ShouldSucceed().ShouldBe(string.Join('\n', ids));
        host.Sampan(["rm", .. ids]).ShouldSucceed();
    }

    [Fact]
    public void Kill_of_one_that_goes_with_its_end_returns_when_it_is_gone()
    {
        var id = host.Detached("--rm", "busybox", "sleep", "1000");
        host.Sampan("kill", "-s", "KILL", id).ShouldSucceed();
        host.Sampan("ps", "-aq", "-f", "id=" + id).ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void Kill_ends_one_that_would_be_started_again_for_good()
    {
        var id = host.Detached("--restart", "always", "busybox", "sleep", "1000");
        host.Sampan("kill", id).ShouldSucceed();
        host.Status(id).ShouldBe("exited");

        // And between two lives.
        var failing = host.Detached("--restart", "always", "busybox", "false");
        Patience.ShouldCome(() => host.Status(failing) == "restarting", "it waits for its next life");
        var killed = host.Sampan("kill", failing);
        killed.ShouldBeComposed();
        if (killed.ExitCode == 0)
        {
            host.Status(failing).ShouldBe("exited");
        }

        host.Sampan("rm", "-f", id, failing).ShouldSucceed();
    }

    [Fact]
    public void Another_signal_is_only_sent()
    {
        var id = host.Detached("busybox", "sh", "-c", Stubborn);
        host.Sampan("kill", "-s", "TERM", id).ShouldSucceed();
        host.Status(id).ShouldBe("running");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Many_who_kill_the_same_are_all_answered()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        var killers = Enumerable.Range(0, 6).Select(_ => host.Start("kill", id)).ToList();
        var results = killers.Select(killer => killer.Wait()).ToList();
        results.ShouldContain(result => result.ExitCode == 0);
        results.ShouldAllBe(result => result.ExitCode == 0 || result.Error.Contains("is not running"));
        killers.ForEach(killer => killer.Dispose());
        host.Status(id).ShouldBe("exited");
    }

    [Fact]
    public void Pause_returns_when_nothing_moves()
    {
        var id = host.Detached("busybox", "sh", "-c", "for i in 1 2 3; do (while :; do echo x >> /tmp/$i; done) & done; wait");
        var files = $"/proc/{host.Pid(id)}/root/tmp";
        for (var round = 0; round < Rounds; round++)
        {
            host.Sampan("pause", id).ShouldSucceed();
            var at = Sizes(files);
            host.Status(id).ShouldBe("paused");
            Sizes(files).ShouldBe(at);
            host.Sampan("unpause", id).ShouldSucceed();
            host.Status(id).ShouldBe("running");
            Patience.ShouldCome(() => Sizes(files) != at, "it goes on");
        }

        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Stop_restart_start_and_rm_return_when_it_is_so()
    {
        var id = host.Detached("busybox", "sh", "-c", Stubborn);
        for (var round = 0; round < Rounds; round++)
        {
            var pid = host.Pid(id);
            host.Sampan("stop", "-t", "0", id).ShouldSucceed();
            Directory.Exists($"/proc/{pid}").ShouldBeFalse();
            host.Status(id).ShouldBe("exited");
            host.Sampan("start", id).ShouldSucceed();
            host.Status(id).ShouldBe("running");
            host.Sampan("exec", id, "true").ShouldSucceed();
            pid = host.Pid(id);
            host.Sampan("restart", "-t", "0", id).ShouldSucceed();
            Directory.Exists($"/proc/{pid}").ShouldBeFalse();
            host.Pid(id).ShouldNotBe(pid);
            host.Sampan("exec", id, "true").ShouldSucceed();
        }

        var last = host.Pid(id);
        host.Sampan("rm", "-f", id).ShouldSucceed();
        Directory.Exists($"/proc/{last}").ShouldBeFalse();
        Directory.Exists(Path.Combine(host.Root, "containers", id)).ShouldBeFalse();
        host.Sampan("inspect", id).ExitCode.ShouldBe(1);
    }

    private static string Sizes(string folder) =>
        string.Join(' ', Directory.GetFiles(folder).Order().Select(file => new FileInfo(file).Length.ToString(CultureInfo.InvariantCulture)));
}

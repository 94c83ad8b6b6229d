namespace Sampan.EndToEnd.Failures;

/// <summary>kill -9 of the client, of the monitor, of both: the next command sees the truth.</summary>
public sealed class KillTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_killed_client_leaves_the_container_running()
    {
        using var client = host.Start("run", "--name", "alone", "busybox", "sh", "-c", "echo up; exec sleep 1000");
        client.Expect("up");
        client.Signal(Native.SIGKILL);
        client.Wait().ExitCode.ShouldBe(137);
        host.Status("alone").ShouldBe("running");
        host.Sampan("exec", "alone", "true").ShouldSucceed();
        host.Sampan("rm", "-f", "alone").ShouldSucceed();
    }

    [Fact]
    public void A_killed_client_and_its_killed_monitor_leave_the_container_running()
    {
        using var client = host.Start("run", "--rm", "--name", "cut", "busybox", "sh", "-c", "echo up; exec sleep 1000");
        client.Expect("up");
        var id = host.Inspect("cut").GetProperty("Id").GetString()!;
        var first = host.Pid(id);
        client.Signal(Native.SIGSTOP);
        Processes.Kill(host.Monitor(id));
        client.Signal(Native.SIGKILL);
        client.Wait().ExitCode.ShouldBe(137);
        host.Sampan("ps", "-q", "-f", "name=cut").ShouldSucceed().ShouldNotBeEmpty();
        host.Pid(id).ShouldBe(first);
        host.Sampan("stop", "-t", "0", "cut").ShouldSucceed();
        host.Sampan("ps", "-aq", "-f", "name=cut").ShouldSucceed().ShouldBeEmpty("it was to be removed at its end");
    }

    [Fact]
    public void Every_process_of_the_container_killed_from_outside_is_an_exit()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        _ = Native.kill(host.Pid(id), Native.SIGKILL);
        host.Sampan("wait", id).ShouldSucceed().ShouldBe("137");
        host.Status(id).ShouldBe("exited");
    }
}

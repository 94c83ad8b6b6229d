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
    public void A_killed_monitor_takes_its_container_along_and_the_next_command_says_so()
    {
        var id = host.Detached("--name", "orphan", "busybox", "sleep", "1000");
        var first = host.Pid(id);
        _ = Native.kill(host.Monitor(id), Native.SIGKILL);
        Patience.ShouldCome(() => !Processes.IsAlive(first), "the container's processes end with its monitor");
        host.Sampan("ps", "-q").ShouldSucceed().ShouldBeEmpty();
        var state = host.Inspect("orphan").GetProperty("State");
        state.GetProperty("Status").GetString().ShouldBe("exited");
        state.GetProperty("ExitCode").GetInt32().ShouldBe(137);
        host.Sampan("start", "orphan").ShouldSucceed();
        host.Status("orphan").ShouldBe("running");
        host.Sampan("rm", "-f", "orphan").ShouldSucceed();
    }

    [Fact]
    public void A_client_whose_monitor_is_killed_ends_with_an_error()
    {
        using var client = host.Start("run", "--rm", "--name", "cut", "busybox", "sh", "-c", "echo up; exec sleep 1000");
        client.Expect("up");
        _ = Native.kill(host.Monitor(host.Inspect("cut").GetProperty("Id").GetString()!), Native.SIGKILL);
        client.Wait().ExitCode.ShouldNotBe(0);
        // It was to be removed at its end; whoever looks next does that.
        host.Sampan("ps", "-aq", "-f", "name=cut").ShouldSucceed().ShouldBeEmpty();
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

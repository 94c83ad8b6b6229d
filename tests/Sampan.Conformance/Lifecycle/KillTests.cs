namespace Sampan.Conformance.Lifecycle;

/// <summary>runtime.md: kill sends one signal to the program of a container that has one.</summary>
public class KillTests : StatementTest
{
    private const string Reporting = "for s in HUP INT QUIT USR1 USR2 TERM WINCH; do trap \"echo got $s\" $s; done; trap 'echo got CONT' CONT; echo ready; while :; do read line && exit 0; done";

    [Fact]
    [Statement("runtime.md#kill", "kill without an id is an error")]
    public void An_id_is_needed() => Runtime.Call("kill").ShouldFail();

    [Fact]
    [Statement("runtime.md#kill", "kill of a container that does not exist is an error")]
    public void The_container_must_exist() => Runtime.Call("kill", NewId(), "TERM").ShouldFail();

    [Fact]
    [Statement("runtime.md#kill", "kill of a created container is no error, and SIGKILL stops it")]
    public void A_created_container_can_be_killed()
    {
        var container = Create(Waiting());
        _ = container.First;
        container.Kill();
        container.WaitForStop().Status.ShouldBe("stopped");
    }

    [Fact]
    [Statement("runtime.md#kill", "a container killed before start never runs its program")]
    public void A_container_killed_before_start_never_runs()
    {
        var container = Create(Script("echo ran >/ran"));
        _ = container.First;
        container.Kill();
        container.WaitForStop();
        container.Call("start").ShouldFail();
        File.Exists(container.Bundle.In("ran")).ShouldBeFalse();
    }

    [Fact]
    [Statement("runtime.md#kill", "kill of a running container stops it, and the status says so")]
    public void A_running_container_can_be_killed()
    {
        var container = Create(Waiting()).Start();
        container.Kill();
        container.WaitForStop().Status.ShouldBe("stopped");
    }

    [Fact]
    [Statement("runtime.md#kill", "kill of a stopped container is an error")]
    public void A_stopped_container_is_an_error() => Runtime.Call("kill", Create(NewBundle()).Start().WaitForStop().Id, "KILL").ShouldFail();

    [Fact]
    [Statement("runtime.md#kill", "kill of a stopped container leaves it stopped")]
    public void A_stopped_container_stays()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        Runtime.Call("kill", container.Id, "KILL").ShouldFail();
        container.Status.ShouldBe("stopped");
    }

    [Theory]
    [InlineData("HUP", "HUP")]
    [InlineData("SIGUSR1", "USR1")]
    [InlineData("USR2", "USR2")]
    [InlineData("15", "TERM")]
    [InlineData("10", "USR1")]
    [InlineData("SIGWINCH", "WINCH")]
    [InlineData("SIGCONT", "CONT")]
    [Statement("runtime.md#kill", "the program gets the signal that was asked for, here as {0}")]
    public void The_signal_arrives(string signal, string name)
    {
        var container = Create(Script(Reporting)).Start();
        container.Command.Expect("ready");
        container.Kill(signal);
        container.Command.Expect("got " + name);
        container.Status.ShouldBe("running");
    }

    [Fact]
    [Statement("runc kill(8)", "without a signal it is SIGTERM")]
    public void The_default_is_term()
    {
        var container = Create(Script(Reporting)).Start();
        container.Command.Expect("ready");
        container.Call("kill").ShouldSucceed();
        container.Command.Expect("got TERM");
    }

    [Theory]
    [InlineData("NOSUCH")]
    [InlineData("SIG")]
    [InlineData("-3")]
    [InlineData("1000")]
    [Statement("runtime.md#kill", "a signal that does not exist ({0}) is an error and does nothing")]
    [Differs("crun 1.8.1", "reports success", Rows = ["NOSUCH", "SIG"])]
    public void An_unknown_signal_is_an_error(string signal)
    {
        var container = Create(Waiting()).Start();
        Runtime.Call("kill", container.Id, signal).ShouldFail();
        container.Status.ShouldBe("running");
        container.First.HasEnded.ShouldBeFalse();
    }

    [Fact]
    [Statement("runtime.md#kill", "a signal the program ignores leaves it running")]
    public void An_ignored_signal_changes_nothing()
    {
        var container = Create(Script("trap '' TERM; echo ready; read line")).Start();
        container.Command.Expect("ready");
        container.Kill("TERM");
        container.Status.ShouldBe("running");
        container.First.HasEnded.ShouldBeFalse();
    }

    [Fact]
    [Statement("runtime.md#kill", "the signal goes to the container's process, not to its children")]
    public void Only_the_first_process_gets_it()
    {
        var container = Create(Script("trap 'echo first' USR1; sh -c 'trap \"echo child\" USR1; echo ready; read line' <&0 & wait; wait; echo end; read line")).Start();
        container.Command.Expect("ready");
        container.Kill("USR1");
        container.Command.Expect("first");
        container.Command.Output.ShouldNotContain("child");
    }

    [Fact]
    [Statement("runtime.md#kill", "a signal for one container reaches no other")]
    public void Only_the_named_container_gets_it()
    {
        var other = Create(Waiting()).Start();
        var container = Create(Waiting()).Start();
        container.Kill();
        container.WaitForStop();
        other.Status.ShouldBe("running");
    }

    [Fact]
    [Statement("runtime.md#kill", "the end of the first process ends every other process of its pid namespace")]
    public void Children_end_with_the_first()
    {
        var container = Create(Script("sleep 1000 & echo ready; read line")).Start();
        container.Command.Expect("ready");
        var children = container.Proc($"task/{container.First.Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pid => Owned(new HostProcess(int.Parse(pid)))).ToList();
        children.Count.ShouldBe(1);
        container.Kill();
        container.WaitForStop();
        children[0].WaitForEnd();
    }
}

namespace Sampan.Conformance.Lifecycle;

/// <summary>runtime.md: start runs the program once.</summary>
public class StartTests : StatementTest
{
    [Fact]
    [Statement("runtime.md#start", "start without an id is an error")]
    public void An_id_is_needed() => Runtime.Call("start").ShouldFail();

    [Fact]
    [Statement("runtime.md#start", "start of a container that does not exist is an error")]
    public void The_container_must_exist() => Runtime.Call("start", NewId()).ShouldFail();

    [Fact]
    [Statement("runtime.md#start", "start runs the program of the configuration")]
    public void It_runs_the_program() => Create(Script("echo ran")).Start().Output().ShouldBe("ran");

    [Fact]
    [Statement("runtime.md#start", "start of a running container is an error")]
    public void A_running_container_is_an_error() => Create(Waiting()).Start().Call("start").ShouldFail();

    [Fact]
    [Statement("runtime.md#start", "start of a running container does not touch it")]
    public void A_running_container_goes_on()
    {
        var container = Create(Script("echo once; read line; echo $line")).Start();
        container.Call("start").ShouldFail();
        container.Status.ShouldBe("running");
        container.Command.Send("alive");
        container.Output().ShouldBe("once\nalive");
    }

    [Fact]
    [Statement("runtime.md#start", "start of a stopped container is an error")]
    public void A_stopped_container_is_an_error() => Create(NewBundle()).Start().WaitForStop().Call("start").ShouldFail();

    [Fact]
    [Statement("runtime.md#start", "start of a stopped container leaves it stopped and does not run the program again")]
    public void A_stopped_container_stays_stopped()
    {
        var container = Create(Script("echo ran >>/ran")).Start().WaitForStop();
        container.Call("start").ShouldFail();
        container.Status.ShouldBe("stopped");
        File.ReadAllText(container.Bundle.In("ran")).ShouldBe("ran\n");
    }

    [Fact]
    [Statement("runtime.md#start", "start of a deleted container is an error")]
    public void A_deleted_container_is_an_error()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        container.Call("start").ShouldFail();
    }

    [Fact]
    [Statement("runtime.md#start", "start of one container starts no other")]
    public void Only_the_named_one_starts()
    {
        var one = Create(Waiting());
        Create(Waiting()).Start();
        one.Status.ShouldBe("created");
    }

    [Fact]
    [Statement("runc run(8)", "run ends with the program's exit code and leaves nothing")]
    public void Run_ends_with_the_programs_code()
    {
        var container = Begin("run", NewId(), Script("exit 42"));
        container.Command.CloseInput();
        container.Command.Wait().ExitCode.ShouldBe(42);
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runc run(8)", "run ends with 128 and the number of the signal that ended the program")]
    public void Run_ends_with_the_signal()
    {
        var container = Begin("run", NewId(), Script("echo ready; read line"));
        container.Command.Expect("ready");
        container.Kill("KILL");
        container.Command.Wait().ExitCode.ShouldBe(128 + Native.SIGKILL);
        ShouldBeGone(container.Id);
    }
}

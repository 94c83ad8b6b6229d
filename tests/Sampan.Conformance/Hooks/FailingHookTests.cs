namespace Sampan.Conformance.Hooks;

/// <summary>runtime.md, "Lifecycle": what the failure of a hook of each kind does.</summary>
public class FailingHookTests : StatementTest
{
    private string Log => Path.Combine(Folder, "log");

    private string[] Logged => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [Statement("runtime.md#lifecycle", "a failing {0} hook is an error of create, and the container is destroyed")]
    public void A_hook_of_create_fails_it(string kind) => ShouldBeRefused(NewBundle().Hook(kind, "exit 3"));

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [Statement("runtime.md#lifecycle", "after a failing {0} hook the next ones of its kind are not called")]
    public void A_failure_ends_the_row(string kind)
    {
        TryCreate(NewBundle().Hook(kind, "exit 3").Hook(kind, $"echo called >>{Log}"), out _).ShouldFail();
        Logged.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [Statement("runtime.md#lifecycle", "after a failing {0} hook the poststop hooks are called")]
    [Differs("crun 1.8.1", "does not call them")]
    public void Poststop_follows_a_failure(string kind)
    {
        TryCreate(NewBundle().Hook(kind, "exit 3").Hook("poststop", $"echo poststop >>{Log}"), out _).ShouldFail();
        Logged.ShouldBe(["poststop"]);
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a hook ended by a signal has failed")]
    public void A_signal_is_a_failure() => ShouldBeRefused(NewBundle().Hook("createRuntime", "kill -KILL $$"));

    [Fact]
    [Statement("runtime.md#lifecycle", "a failing startContainer hook is an error of start, and the program does not run")]
    [Differs("runc 1.1.5", "start reports success; the program does not run")]
    [Differs("crun 1.8.1", "start reports success; the program does not run")]
    public void A_failed_startContainer_keeps_the_program_from_running()
    {
        var container = Create(Script("echo ran >/ran").Hook("startContainer", "exit 3"));
        _ = container.First;
        container.Call("start").ShouldFail();
        container.First.WaitForEnd();
        File.Exists(container.Bundle.In("ran")).ShouldBeFalse();
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a failing startContainer hook stops the container")]
    public void A_failed_startContainer_stops()
    {
        var container = Create(Waiting().Hook("startContainer", "exit 3"));
        _ = container.First;
        container.Call("start");
        container.First.WaitForEnd();
        var state = container.Call("state");
        if (state.ExitCode == 0)
        {
            container.Status.ShouldBe("stopped");
        }
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a failing poststart hook is an error of start (since 1.2.1)")]
    [Differs("runc 1.1.5", "calls poststart hooks in create, which fails")]
    [Differs("crun 1.8.1", "start reports success")]
    public void A_failed_poststart_is_an_error()
    {
        var container = Create(Waiting().Hook("poststart", "exit 3"));
        container.Call("start").ShouldFail();
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a failing poststart hook stops the container (since 1.2.1)")]
    [Differs("runc 1.1.5", "calls poststart hooks in create, which fails")]
    [Differs("crun 1.8.1", "the program goes on")]
    public void A_failed_poststart_stops()
    {
        var container = Create(Waiting().Hook("poststart", "exit 3"));
        _ = container.First;
        container.Call("start");
        container.First.WaitForEnd();
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a failing poststop hook does not keep delete from succeeding")]
    public void A_failed_poststop_is_a_warning()
    {
        var container = Create(NewBundle().Hook("poststop", "exit 3")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "after a failing poststop hook the next ones are called")]
    [Differs("runc 1.1.5", "does not call the others")]
    public void Poststop_hooks_go_on()
    {
        var container = Create(NewBundle().Hook("poststop", "exit 3").Hook("poststop", $"echo second >>{Log}")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        Logged.ShouldBe(["second"]);
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "delete --force calls the poststop hooks too")]
    public void Force_calls_poststop()
    {
        var container = Create(Waiting().Hook("poststop", $"echo called >>{Log}")).Start();
        container.Call("delete", "--force").ShouldSucceed();
        Logged.ShouldBe(["called"]);
    }

    [Fact]
    [Statement("runtime.md#delete", "a refused delete calls no poststop hook")]
    public void A_refused_delete_calls_nothing()
    {
        var container = Create(Waiting().Hook("poststop", $"echo called >>{Log}")).Start();
        container.Call("delete").ShouldFail();
        Logged.ShouldBeEmpty();
    }
}

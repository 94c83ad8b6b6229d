namespace Sampan.Conformance.Lifecycle;

/// <summary>runtime.md: what the operation state tells.</summary>
public class StateTests : StatementTest
{
    [Fact]
    [Statement("runtime.md#query-state", "asking for a state without an id is an error")]
    public void An_id_is_needed() => Runtime.Call("state").ShouldFail();

    [Fact]
    [Statement("runtime.md#query-state", "asking for the state of a container that does not exist is an error")]
    public void The_container_must_exist() => Runtime.Call("state", NewId()).ShouldFail();

    [Fact]
    [Statement("runtime.md#state", "the state has the ociVersion as a string of a version")]
    public void It_has_the_version() =>
        ((string)Create(Waiting()).State["ociVersion"]!).ShouldMatch(@"^\d+\.\d+\.\d+([-+].*)?$");

    [Fact]
    [Statement("runtime.md#state", "the state has the id the container was created with")]
    public void It_has_the_id()
    {
        var container = Create(Waiting());
        ((string)container.State["id"]!).ShouldBe(container.Id);
    }

    [Fact]
    [Statement("runtime.md#state", "the status is created until start is called")]
    public void Its_status_is_created() => Create(Waiting()).Status.ShouldBe("created");

    [Fact]
    [Statement("runtime.md#state", "the status is running while the program runs")]
    public void Its_status_is_running() => Create(Waiting()).Start().Status.ShouldBe("running");

    [Fact]
    [Statement("runtime.md#state", "the status is stopped when the program has ended by itself")]
    public void Its_status_is_stopped()
    {
        var container = Create(NewBundle()).Start();
        container.WaitForStop().Status.ShouldBe("stopped");
    }

    [Fact]
    [Statement("runtime.md#state", "a state that is not one of the three defined ones (paused) has a name of its own")]
    public void A_paused_container_is_none_of_the_defined()
    {
        NeedsController("freezer");
        var container = Create(Waiting()).Start();
        container.Call("pause").ShouldSucceed();
        container.Status.ShouldBe("paused");
        container.Call("resume").ShouldSucceed();
        container.Status.ShouldBe("running");
    }

    [Fact]
    [Statement("runtime.md#state", "pid of a created container is its first process as the host numbers it")]
    public void The_pid_is_the_hosts()
    {
        var container = Create(Waiting());
        container.First.Status("NSpid").Split('\t').ShouldBe([container.First.Pid.ToString(), "1"]);
    }

    [Fact]
    [Statement("runtime.md#state", "pid stays the same process from created to running")]
    public void The_pid_does_not_change()
    {
        var container = Create(Waiting());
        var created = (int)container.State["pid"]!;
        container.Start();
        ((int)container.State["pid"]!).ShouldBe(created);
    }

    [Fact]
    [Statement("runtime.md#state", "bundle is the absolute path of the bundle")]
    public void The_bundle_is_absolute()
    {
        var container = Create(Waiting());
        ((string)container.State["bundle"]!).ShouldBe(container.Bundle.Folder);
    }

    [Fact]
    [Statement("runtime.md#state", "bundle is absolute even when create was given a relative path")]
    public void The_bundle_is_absolute_when_given_relatively()
    {
        var bundle = Waiting().Write();
        var container = Owned(new Container(Runtime, NewId(), bundle, new RunningCommand("/bin/true", [])));
        using var create = new RunningCommand(OciRuntime.Program, ["--root", Runtime.Root, "create", "--bundle", Path.GetFileName(bundle.Folder), container.Id], Folder);
        create.WaitForExit().ShouldSucceed();
        ((string)container.State["bundle"]!).ShouldBe(bundle.Folder);
    }

    [Fact]
    [Statement("runtime.md#state", "annotations of the configuration are in the state")]
    public void The_annotations_are_told()
    {
        var container = Create(Waiting().With(b => b.Config["annotations"] = Json.Parse("""{"com.example.key":"value","com.example.empty":""}""")));
        ((string)container.State["annotations"]!["com.example.key"]!).ShouldBe("value");
        ((string)container.State["annotations"]!["com.example.empty"]!).ShouldBe("");
    }

    [Fact]
    [Statement("runtime.md#state", "without annotations the property is absent or an empty map")]
    public void No_annotations_are_none()
    {
        var state = Create(Waiting()).State;
        (state["annotations"]?.AsObject().Count ?? 0).ShouldBe(0);
    }

    [Fact]
    [Statement("runtime.md#state", "the state is told by another call of the runtime, for every container of the same root")]
    public void Several_containers_are_told_apart()
    {
        var one = Create(Waiting());
        var other = Create(Waiting()).Start();
        one.Status.ShouldBe("created");
        other.Status.ShouldBe("running");
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a program ended by a signal from outside leaves the status stopped")]
    public void A_killed_process_leaves_stopped()
    {
        var container = Create(Waiting()).Start();
        container.First.Signal(Native.SIGKILL).ShouldBeTrue();
        container.WaitForStop().Status.ShouldBe("stopped");
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "the process of a created container killed from outside leaves the status stopped")]
    public void A_process_killed_before_start_leaves_stopped()
    {
        var container = Create(Waiting());
        container.First.Signal(Native.SIGKILL).ShouldBeTrue();
        container.WaitForStop().Status.ShouldBe("stopped");
        container.Call("start").ShouldFail();
    }
}

namespace Sampan.Conformance.Hooks;

/// <summary>config.md, "POSIX-platform Hooks": what a hook reads from its standard input.</summary>
public class HookStateTests : StatementTest
{
    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "a {0} hook gets the container's state on standard input: version, id, bundle, annotations")]
    [Differs("crun 1.8.1", "tells version 1.0")]
    public void They_get_the_state(string kind)
    {
        var (state, container) = StateIn(kind);
        ((string)state["ociVersion"]!).ShouldMatch(@"^\d+\.\d+\.\d+");
        ((string)state["id"]!).ShouldBe(container.Id);
        ((string)state["bundle"]!).ShouldBe(container.Bundle.Folder);
        ((string)state["annotations"]!["com.example.key"]!).ShouldBe("value");
    }

    [Fact]
    [Statement("config.md#posix-platform-hooks", "a startContainer hook gets the container's state on standard input: version, id, bundle, annotations")]
    [Differs("crun 1.8.1", "tells version 1.0")]
    public void StartContainer_gets_the_state()
    {
        var container = Create(Annotated(NewBundle()).Hook("startContainer", "cat >/state")).Start().WaitForStop();
        var state = Json.Parse(File.ReadAllText(container.Bundle.In("state")));
        ((string)state["ociVersion"]!).ShouldMatch(@"^\d+\.\d+\.\d+");
        ((string)state["id"]!).ShouldBe(container.Id);
        ((string)state["bundle"]!).ShouldBe(container.Bundle.Folder);
        ((string)state["annotations"]!["com.example.key"]!).ShouldBe("value");
        ((string)state["status"]!).ShouldBe("created");
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("poststart")]
    [Statement("runtime.md#state", "the pid a {0} hook reads is the container's process as the runtime's namespace numbers it")]
    public void They_get_the_pid(string kind)
    {
        var file = Path.Combine(Folder, "state");
        var container = Create(Waiting().Hook(kind, $"cat >{file}")).Start();
        ((int)Json.Parse(File.ReadAllText(file))["pid"]!).ShouldBe(container.First.Pid);
    }

    [Fact]
    [Statement("runtime.md#state", "the pid a createContainer hook reads is the container's process as the container numbers it")]
    [Differs("crun 1.8.1", "tells 0")]
    public void CreateContainer_gets_the_pid_inside()
    {
        var file = Path.Combine(Folder, "state");
        Create(Waiting().Hook("createContainer", $"cat >{file}")).Start();
        ((int)Json.Parse(File.ReadAllText(file))["pid"]!).ShouldBe(1);
    }

    [Fact]
    [Statement("runtime.md#state", "the pid a startContainer hook reads is the container's process as the container numbers it")]
    [Differs("crun 1.8.1", "tells 0")]
    public void StartContainer_gets_the_pid_inside()
    {
        var container = Create(NewBundle().Hook("startContainer", "cat >/state")).Start().WaitForStop();
        ((int)Json.Parse(File.ReadAllText(container.Bundle.In("state")))["pid"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("prestart", "creating", "created")]
    [InlineData("createRuntime", "creating", "created")]
    [InlineData("createContainer", "creating", "created")]
    [InlineData("poststart", "running", "running")]
    [InlineData("poststop", "stopped", "stopped")]
    [Statement("runtime.md#state", "the status a {0} hook reads is that of its moment: creating (or created), running, stopped")]
    [Differs("runc 1.1.5", "calls poststart hooks in create: created", Rows = ["poststart"])]
    public void They_get_the_status(string kind, string status, string or)
    {
        ((string)StateIn(kind).State["status"]!).ShouldBeOneOf(status, or);
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "a {0} hook that does not read its standard input is no error")]
    public void They_need_not_read(string kind)
    {
        var container = Create(NewBundle().Hook(kind, "exec <&-; exit 0")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "standard input of a {0} hook ends after one JSON document")]
    public void The_state_ends(string kind)
    {
        var file = Path.Combine(Folder, "end");
        var container = Create(NewBundle().Hook(kind, $"cat >/dev/null; echo end >{file}")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        File.ReadAllText(file).ShouldBe("end\n");
    }

    private static Bundle Annotated(Bundle bundle) => bundle.With(b => b.Config["annotations"] = Json.Parse("""{"com.example.key":"value"}"""));

    private (JsonNode State, Container Container) StateIn(string kind)
    {
        var file = Path.Combine(Folder, "state");
        var container = Create(Annotated(NewBundle()).Hook(kind, $"cat >{file}")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        return (Json.Parse(File.ReadAllText(file)), container);
    }
}

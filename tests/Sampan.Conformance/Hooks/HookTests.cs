namespace Sampan.Conformance.Hooks;

/// <summary>config.md, "POSIX-platform Hooks": when each is called, in which order, and how it is started.</summary>
public class HookTests : StatementTest
{
    private string Log => Path.Combine(Folder, "log");

    private string[] Logged => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    [Fact]
    [Statement("config.md#prestart", "prestart hooks are called by create")]
    public void Prestart_belongs_to_create() => ShouldBeCalledByCreate("prestart");

    [Fact]
    [Statement("config.md#createruntime-hooks", "createRuntime hooks are called by create")]
    public void CreateRuntime_belongs_to_create() => ShouldBeCalledByCreate("createRuntime");

    [Fact]
    [Statement("config.md#createcontainer-hooks", "createContainer hooks are called by create")]
    public void CreateContainer_belongs_to_create() => ShouldBeCalledByCreate("createContainer");

    [Fact]
    [Statement("config.md#startcontainer-hooks", "startContainer hooks are called by start, not before")]
    public void StartContainer_belongs_to_start()
    {
        var container = Create(Waiting().Hook("startContainer", "echo called >/called"));
        File.Exists(container.Bundle.In("called")).ShouldBeFalse();
        container.Start();
        Patience.ShouldCome(() => File.Exists(container.Bundle.In("called")), "the hook is not called");
    }

    [Fact]
    [Statement("config.md#startcontainer-hooks", "startContainer hooks have ended before the program runs")]
    public void StartContainer_precedes_the_program() =>
        Output(Script("echo program >>/order; cat /order").Hook("startContainer", "echo hook >>/order")).ShouldBe("hook\nprogram");

    [Fact]
    [Statement("config.md#poststart", "poststart hooks are called by start, and have ended when it returns")]
    [Differs("runc 1.1.5", "calls them in create")]
    public void Poststart_belongs_to_start()
    {
        var container = Create(Waiting().Hook("poststart", Append("called")));
        Logged.ShouldBeEmpty();
        container.Start();
        Logged.ShouldBe(["called"]);
    }

    [Fact]
    [Statement("config.md#poststop", "poststop hooks are called by delete, not when the program ends")]
    public void Poststop_belongs_to_delete()
    {
        var container = Create(NewBundle().Hook("poststop", Append("called"))).Start().WaitForStop();
        Logged.ShouldBeEmpty();
        container.Call("delete").ShouldSucceed();
        Logged.ShouldBe(["called"]);
    }

    [Fact]
    [Statement("config.md#poststop", "poststop hooks are called after the container is deleted: its control group is gone")]
    public void Poststop_follows_the_deletion()
    {
        var bundle = NewBundle();
        var container = Create(bundle.Hook("poststop", $"test -d /sys/fs/cgroup/memory{bundle.Linux["cgroupsPath"]} && echo there >>{Log} || echo gone >>{Log}"));
        container.Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        Logged.ShouldBe(["gone"]);
    }

    [Fact]
    [Statement("config.md#prestart", "prestart hooks come before createRuntime hooks")]
    public void Prestart_precedes_createRuntime()
    {
        Create(Waiting().Hook("createRuntime", Append("createRuntime")).Hook("prestart", Append("prestart")));
        Logged.ShouldBe(["prestart", "createRuntime"]);
    }

    [Fact]
    [Statement("config.md#createcontainer-hooks", "createContainer hooks come after createRuntime hooks")]
    public void CreateContainer_follows_createRuntime()
    {
        Create(Waiting().Hook("createContainer", Append("createContainer")).Hook("createRuntime", Append("createRuntime")));
        Logged.ShouldBe(["createRuntime", "createContainer"]);
    }

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "{0} hooks are called in the listed order")]
    public void They_are_called_in_order(string kind)
    {
        RunThrough(NewBundle().Hook(kind, Append("one")).Hook(kind, Append("two")).Hook(kind, Append("three")));
        Logged.ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    [Statement("config.md#posix-platform-hooks", "startContainer hooks are called in the listed order")]
    public void StartContainer_hooks_are_called_in_order() =>
        Output(Script("cat /order").Hook("startContainer", "echo one >>/order").Hook("startContainer", "echo two >>/order")).ShouldBe("one\ntwo");

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "args of a {0} hook are its whole argv, the first word too")]
    public void The_arguments_are_the_whole_vector(string kind)
    {
        var hook = Json.Parse("""{"path":"/bin/sh","args":["name of its own","-c","echo \"$0|$1|$2|$#\" >>LOG; read -r line </proc/self/cmdline; echo \"$line\" | cut -c1-17 >>LOG; cat >/dev/null","zero","a b",""],"env":["PATH=/usr/bin:/bin"]}""".Replace("LOG", Log));
        RunThrough(NewBundle().Hook(kind, hook));
        Logged.ShouldBe(["zero|a b||2", "name of its own-c"]);
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "env of a {0} hook is its whole environment")]
    public void The_environment_is_the_whole(string kind)
    {
        // The shell reads it itself (dropping the zero bytes), since /proc is the host's even where the process numbers are not.
        var hook = new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", $"read -r line </proc/self/environ; echo \"$line\" >{Log}; /bin/cat >/dev/null"), ["env"] = new JsonArray("ONE=1", "TWO=a b") };
        RunThrough(NewBundle().Hook(kind, hook));
        Logged.ShouldBe(["ONE=1TWO=a b"]);
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [Statement("config.md#posix-platform-hooks", "the path of a hook ({0}) must be absolute")]
    [Differs("runc 1.1.5", "takes it relative to where it stands", Rows = ["createContainer", "startContainer"])]
    [Differs("crun 1.8.1", "takes it relative to where it stands", Rows = ["startContainer"])]
    public void The_path_is_absolute(string kind) =>
        ShouldNotRun(NewBundle().Hook(kind, Json.Parse("""{"path":"bin/true"}""")));

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [Statement("config.md#posix-platform-hooks", "a {0} hook that is not there is an error")]
    public void The_path_must_exist(string kind) => ShouldNotRun(NewBundle().Hook(kind, Json.Parse("""{"path":"/nowhere/hook"}""")));

    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("startContainer")]
    [Statement("config.md#posix-platform-hooks", "a {0} hook that outlives its timeout is ended, and that is an error")]
    public void The_timeout_ends_it(string kind)
    {
        var hook = new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", "exec sleep 100"), ["timeout"] = 1, ["env"] = new JsonArray("PATH=/usr/bin:/bin") };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        ShouldNotRun(NewBundle().Hook(kind, hook));
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    [Statement("config.md#posix-platform-hooks", "a hook that ends within its timeout is fine")]
    public void A_generous_timeout_does_nothing()
    {
        var hook = new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", "cat >/dev/null; " + Append("called")), ["timeout"] = 20 };
        Create(Waiting().Hook("createRuntime", hook));
        Logged.ShouldBe(["called"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [Statement("config.md#posix-platform-hooks", "a timeout must be greater than zero, {0} is an error")]
    [Differs("crun 1.8.1", "takes 0 for none", Rows = ["0"])]
    public void The_timeout_is_positive(int timeout) =>
        ShouldNotRun(NewBundle().Hook("createRuntime", Json.Parse($$"""{"path":"/bin/true","timeout":{{timeout}}}""")));

    [Fact]
    [Statement("config.md#posix-platform-hooks", "a hook without args is started with its path alone")]
    public void Args_are_optional() => Create(Waiting().Hook("createRuntime", Json.Parse("""{"path":"/bin/cat"}"""))).Status.ShouldBe("created");

    private string Append(string word) => $"echo {word} >>{Log}";

    private void ShouldBeCalledByCreate(string kind)
    {
        Create(Waiting().Hook(kind, Append("called")));
        Logged.ShouldBe(["called"]);
    }

    private void RunThrough(Bundle bundle)
    {
        var container = Create(bundle).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
    }
}

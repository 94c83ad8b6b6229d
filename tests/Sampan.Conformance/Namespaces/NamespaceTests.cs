namespace Sampan.Conformance.Namespaces;

/// <summary>config-linux.md, "Namespaces".</summary>
public class NamespaceTests : StatementTest
{
    [Theory]
    [InlineData("pid", "pid")]
    [InlineData("network", "net")]
    [InlineData("mount", "mnt")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("time", "time")]
    [Statement("config-linux.md#namespaces", "type {0} without a path is a new namespace")]
    [Differs("runc 1.1.5", "does not know time namespaces", Rows = ["time"])]
    [Differs("crun 1.8.1", "fails: its own process for the new namespace ends early", Rows = ["time"])]
    public void Without_a_path_it_is_new(string type, string file)
    {
        NeedsNamespace(file);
        var bundle = Waiting();
        if (type is "cgroup" or "time")
        {
            bundle.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = type });
        }

        Create(bundle).Start().First.Namespace(file).ShouldNotBe(Ours(file));
    }

    [Fact]
    [Statement("config-linux.md#namespaces", "type user without a path is a new namespace")]
    public void A_user_namespace_is_new() => Create(Waiting().UserNamespace()).Start().First.Namespace("user").ShouldNotBe(Ours("user"));

    [Theory]
    [InlineData("pid", "pid")]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("user", "user")]
    [InlineData("time", "time")]
    [Statement("config-linux.md#namespaces", "without type {0} the runtime's own is inherited")]
    public void Unlisted_is_inherited(string type, string file)
    {
        NeedsNamespace(file);
        var bundle = Waiting();
        bundle.Config.Remove("hostname");
        if (type is "pid" or "network" or "ipc" or "uts")
        {
            bundle.WithoutNamespace(type);
        }

        Create(bundle).Start().First.Namespace(file).ShouldBe(Ours(file));
    }

    [Theory]
    [InlineData("pid", "pid")]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("cgroup", "cgroup")]
    [InlineData("time", "time")]
    [Statement("config-linux.md#namespaces", "type {0} with a path is the namespace of that file")]
    [Differs("runc 1.1.5", "does not know time namespaces", Rows = ["time"])]
    [Differs("crun 1.8.1", "fails: its own process for the new namespace ends early", Rows = ["time"])]
    public void With_a_path_it_is_joined(string type, string file)
    {
        NeedsNamespace(file);
        var holder = Waiting();
        var joining = Waiting();
        joining.Config.Remove("hostname");
        if (type is "cgroup" or "time")
        {
            holder.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = type });
        }
        else
        {
            joining.WithoutNamespace(type);
        }

        var first = Create(holder).Start().First;
        joining.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = type, ["path"] = $"/proc/{first.Pid}/ns/{file}" });
        Create(joining).Start().First.Namespace(file).ShouldBe(first.Namespace(file));
    }

    [Fact]
    [Statement("config-linux.md#namespaces", "type user with a path is the namespace of that file")]
    [Differs("runc 1.1.5", "wants mappings besides the path")]
    public void A_user_namespace_is_joined()
    {
        var holder = Create(Waiting().UserNamespace()).Start().First;
        var joining = Waiting();
        joining.Linux["namespaces"]!.AsArray().Add(Json.Parse($$"""{"type":"user","path":"/proc/{{holder.Pid}}/ns/user"}"""));
        Create(joining).Start().First.Namespace("user").ShouldBe(holder.Namespace("user"));
    }

    [Fact]
    [Statement("config-linux.md#namespaces", "a path that is a namespace of another type is an error")]
    public void The_type_must_be_right() => ShouldBeRefused(Joining($"/proc/{Environment.ProcessId}/ns/ipc"));

    [Fact]
    [Statement("config-linux.md#namespaces", "a path that is no namespace is an error")]
    public void It_must_be_a_namespace()
    {
        File.WriteAllText(Folder + "/file", "");
        ShouldBeRefused(Joining(Folder + "/file"));
    }

    [Fact]
    [Statement("config-linux.md#namespaces", "a path must be absolute")]
    public void The_path_is_absolute() => ShouldBeRefused(Joining("proc/self/ns/net"));

    [Fact]
    [Statement("config-linux.md#namespaces", "two entries of one type are an error")]
    [Differs("crun 1.8.1", "the last one counts")]
    public void Duplicates_are_an_error() => ShouldBeRefused(NewBundle().With(b => b.Linux["namespaces"]!.AsArray().Add(Json.Parse("""{"type":"pid"}"""))));

    [Theory]
    [InlineData("nosuch")]
    [InlineData("")]
    [Statement("config-linux.md#namespaces", "a type nobody knows (\"{0}\") is an error")]
    public void An_unknown_type_is_an_error(string type) => ShouldBeRefused(NewBundle().With(b => b.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = type })));

    [Fact]
    [Statement("config-linux.md#namespaces", "the program is process 1 of a new pid namespace and sees no other")]
    public void The_program_is_the_first() => Output(Script("echo $$; set -- /proc/[0-9]*; echo $#")).ShouldBe("1\n1");

    [Fact]
    [Statement("config-linux.md#namespaces", "a container that joins a pid namespace sees its processes")]
    public void A_joined_pid_namespace_shows_its_processes()
    {
        var holder = Create(Waiting()).Start().First;
        var bundle = Script("[ -d /proc/1 ] && [ $$ != 1 ] && echo seen").WithoutNamespace("pid");
        bundle.Linux["namespaces"]!.AsArray().Add(Json.Parse($$"""{"type":"pid","path":"/proc/{{holder.Pid}}/ns/pid"}"""));
        Output(bundle).ShouldBe("seen");
    }

    [Fact]
    [Statement("config-linux.md#namespaces", "a new network namespace has a loopback device and no other of the host's")]
    public void A_new_network_is_empty() =>
        Output(Script("ls /sys/class/net").Mount("/sys", "sysfs", "sysfs", "ro")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name == "lo" || name.StartsWith("eth", StringComparison.Ordinal)).ShouldBe(["lo"]);

    [Fact]
    [Statement("config-linux.md#namespaces", "in a new cgroup namespace the container's own group is /")]
    public void A_new_cgroup_namespace_has_its_own_root()
    {
        var bundle = NewBundle().Args("/bin/grep", ":memory:", "/proc/self/cgroup");
        NeedsController("memory");
        bundle.Linux["namespaces"]!.AsArray().Add(Json.Parse("""{"type":"cgroup"}"""));
        Output(bundle).ShouldEndWith(":memory:/");
    }

    [Fact]
    [Statement("config-linux.md#offset-for-time-namespace", "timeOffsets move the clocks of a new time namespace")]
    [Differs("runc 1.1.5", "does not know time namespaces")]
    [Differs("crun 1.8.1", "fails: its own process for the new namespace ends early")]
    public void Clocks_are_moved()
    {
        NeedsNamespace("time");
        var bundle = NewBundle().Args("/bin/cat", "/proc/self/timens_offsets");
        bundle.Linux["namespaces"]!.AsArray().Add(Json.Parse("""{"type":"time"}"""));
        bundle.Linux["timeOffsets"] = Json.Parse("""{"monotonic":{"secs":1000,"nanosecs":5},"boottime":{"secs":2000}}""");
        Output(bundle).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ShouldBe(["monotonic", "1000", "5", "boottime", "2000", "0"]);
    }

    private static string Ours(string type) => File.ResolveLinkTarget($"/proc/self/ns/{type}", returnFinalTarget: false)!.Name;

    private static void NeedsNamespace(string file) => Assert.SkipUnless(File.Exists($"/proc/self/ns/{file}"), $"this kernel has no {file} namespaces");

    private Bundle Joining(string path) => NewBundle().WithoutNamespace("network").With(b => b.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "network", ["path"] = path }));
}

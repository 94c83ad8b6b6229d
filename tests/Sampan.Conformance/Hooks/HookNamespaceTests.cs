namespace Sampan.Conformance.Hooks;

/// <summary>config.md, "POSIX-platform Hooks": where a hook's path is looked up and which namespaces it runs in.</summary>
public class HookNamespaceTests : StatementTest
{
    [Theory]
    [InlineData("prestart")]
    [InlineData("createRuntime")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "{0} hooks run in the runtime's namespaces")]
    public void They_run_in_the_runtimes(string kind)
    {
        var file = Path.Combine(Folder, "namespaces");
        var container = Create(NewBundle().Hook(kind, $"for n in mnt net uts ipc pid; do readlink /proc/self/ns/$n; done >{file}")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        File.ReadAllLines(file).ShouldBe(((string[])["mnt", "net", "uts", "ipc", "pid"]).Select(Ours));
    }

    [Fact]
    [Statement("config.md#createcontainer-hooks", "createContainer hooks run in the container's mount, network, uts, ipc and pid namespaces")]
    public void CreateContainer_runs_in_the_containers()
    {
        var file = Path.Combine(Folder, "namespaces");
        var container = Create(Waiting().Hook("createContainer", $"for n in mnt net uts ipc pid; do readlink /proc/thread-self/ns/$n; done >{file}"));
        File.ReadAllLines(file).ShouldBe(((string[])["mnt", "net", "uts", "ipc", "pid"]).Select(container.First.Namespace));
    }

    [Fact]
    [Statement("config.md#createcontainer-hooks", "createContainer hooks run before the root is exchanged: the host's files are there")]
    public void CreateContainer_precedes_the_pivot()
    {
        var file = Path.Combine(Folder, "seen");
        Create(Waiting().Hook("createContainer", $"ls {Repository.Folder}/Sampan.slnx >{file}"));
        File.ReadAllText(file).ShouldContain("Sampan.slnx");
    }

    [Fact]
    [Statement("config.md#createcontainer-hooks", "a createContainer hook finds the container's mounts made, below its root file system")]
    public void CreateContainer_finds_the_mounts()
    {
        var file = Path.Combine(Folder, "mounts");
        var bundle = Waiting().Mount("/mnt", "tmpfs", "tmpfs");
        Create(bundle.Hook("createContainer", $"cut -d' ' -f5 /proc/self/mountinfo | grep /mnt$ >{file}"));
        File.ReadAllText(file).ShouldContain("/mnt\n");
    }

    [Fact]
    [Statement("config.md#createcontainer-hooks", "a mount made by a createContainer hook is in the container, and not on the host")]
    public void A_mount_of_createContainer_is_the_containers()
    {
        var bundle = Script("cat /mnt/file");
        var made = $"mount -t tmpfs none {bundle.In("mnt")} && echo hook >{bundle.In("mnt")}/file";
        Output(bundle.Hook("createContainer", made)).ShouldBe("hook");
        ShouldLeaveNothing();
    }

    [Fact]
    [Statement("config.md#createruntime-hooks", "createRuntime hooks run when the container's namespaces exist")]
    public void CreateRuntime_finds_the_namespaces()
    {
        var file = Path.Combine(Folder, "namespace");
        var script = $"pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/'); readlink /proc/$pid/ns/net >{file}";
        var container = Create(Waiting().Hook("createRuntime", script));
        File.ReadAllText(file).Trim().ShouldBe(container.First.Namespace("net"));
        File.ReadAllText(file).Trim().ShouldNotBe(Ours("net"));
    }

    [Fact]
    [Statement("config.md#createruntime-hooks", "createRuntime hooks run before the root of the container's process is exchanged")]
    public void CreateRuntime_precedes_the_pivot()
    {
        var file = Path.Combine(Folder, "seen");
        var script = $"pid=$(sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/'); ls /proc/$pid/root{Repository.Folder}/Sampan.slnx >{file}";
        Create(Waiting().Hook("createRuntime", script + " || true"));
        File.ReadAllText(file).ShouldContain("Sampan.slnx");
    }

    [Fact]
    [Statement("config.md#startcontainer-hooks", "the path of startContainer hooks is looked up in the container")]
    public void StartContainer_is_looked_up_in_the_container()
    {
        var bundle = Script("cat /called");
        Executable.WriteScript(bundle.In("/bin/only-here"), "/bin/cat >/dev/null\necho called >/called");
        Output(bundle.Hook("startContainer", Json.Parse("""{"path":"/bin/only-here"}"""))).ShouldBe("called");
    }

    [Theory]
    [InlineData("mnt")]
    [InlineData("net")]
    [InlineData("uts")]
    [InlineData("ipc")]
    [InlineData("pid")]
    [Statement("config.md#startcontainer-hooks", "startContainer hooks run in the container's {0} namespace")]
    public void StartContainer_runs_in_the_containers(string type) =>
        Output(Script($"test \"$(cat /hook)\" = \"$(readlink /proc/self/ns/{type})\" && echo same").Hook("startContainer", $"readlink /proc/self/ns/{type} >/hook")).ShouldBe("same");

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    [InlineData("poststart")]
    [InlineData("poststop")]
    [Statement("config.md#posix-platform-hooks", "the path of {0} hooks is looked up on the host")]
    public void They_are_looked_up_on_the_host(string kind)
    {
        var hook = Path.Combine(Folder, "hook");
        Executable.WriteScript(hook, $"/bin/cat >/dev/null\necho called >{Folder}/called");
        var container = Create(NewBundle().Hook(kind, new JsonObject { ["path"] = hook })).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        File.ReadAllText(Folder + "/called").ShouldBe("called\n");
    }

    private static string Ours(string type) => File.ResolveLinkTarget($"/proc/self/ns/{type}", returnFinalTarget: false)!.Name;
}

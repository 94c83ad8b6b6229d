namespace Sampan.Conformance.Lifecycle;

/// <summary>runtime.md: create makes everything and runs nothing.</summary>
public class CreateTests : StatementTest
{
    [Fact]
    [Statement("runtime.md#create", "create without an id is an error")]
    public void An_id_is_needed() => Runtime.Call("create", "--bundle", NewBundle().Write().Folder).ShouldFail();

    [Fact]
    [Statement("runtime.md#create", "create of a folder without config.json is an error")]
    public void A_configuration_is_needed()
    {
        var id = NewId();
        Runtime.Call("create", "--bundle", NewBundle().Folder, id).ShouldFail();
        ShouldBeGone(id);
    }

    [Fact]
    [Statement("runtime.md#create", "create of a bundle that is not there is an error")]
    public void A_bundle_is_needed()
    {
        var id = NewId();
        Runtime.Call("create", "--bundle", Folder + "/nowhere", id).ShouldFail();
        ShouldBeGone(id);
    }

    [Fact]
    [Statement("runtime.md#create", "an id in use is an error")]
    public void An_id_is_taken_once()
    {
        var container = Create(Waiting());
        TryCreate(container.Id, Waiting(), out _).ShouldFail();
    }

    [Fact]
    [Statement("runtime.md#create", "an id in use leaves the container that has it as it was")]
    public void A_taken_id_harms_nobody()
    {
        var container = Create(Waiting());
        var pid = container.First.Pid;
        TryCreate(container.Id, Waiting(), out var second).ShouldFail();
        second.Command.CloseInput();
        container.First.HasEnded.ShouldBeFalse();
        container.Status.ShouldBe("created");
        ((int)container.State["pid"]!).ShouldBe(pid);
        container.Start().Status.ShouldBe("running");
    }

    [Fact]
    [Statement("runtime.md#create", "the id of a stopped container is in use until it is deleted")]
    public void An_id_is_taken_until_delete()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        TryCreate(container.Id, Waiting(), out _).ShouldFail();
        container.Status.ShouldBe("stopped");
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("with space")]
    [Statement("runtime.md#create", "an id that is not valid ({0}) is an error and makes nothing")]
    [Differs("crun 1.8.1", "accepts it", Rows = ["with space"])]
    public void An_id_must_be_valid(string id)
    {
        TryCreate(id, Waiting(), out _).ShouldFail();
        Directory.GetFileSystemEntries(Runtime.Root, "*").ShouldBeEmpty();
        ShouldLeaveNothing();
    }

    [Fact]
    [Statement("runtime.md#create", "an empty id is an error")]
    public void An_id_is_not_empty() => TryCreate("", Waiting(), out _).ShouldFail();

    [Fact]
    [Statement("runtime.md#create", "the program does not run before start")]
    public void It_does_not_run_the_program()
    {
        var container = Create(Script("echo ran >/ran; read line"));
        container.First.HasEnded.ShouldBeFalse();
        File.Exists(container.Bundle.In("ran")).ShouldBeFalse();
        container.Start();
        Patience.ShouldCome(() => File.Exists(container.Bundle.In("ran")), "the program does not run after start");
    }

    [Fact]
    [Statement("runtime.md#create", "what the container needs is there when create returns: namespaces and control group")]
    public void It_makes_the_environment()
    {
        var container = Create(Waiting());
        container.First.Namespace("net").ShouldNotBe(File.ResolveLinkTarget("/proc/self/ns/net", false)!.Name);
        container.First.Namespace("mnt").ShouldNotBe(File.ResolveLinkTarget("/proc/self/ns/mnt", false)!.Name);
        container.First.ControlGroup("memory").ShouldBe((string)container.Bundle.Linux["cgroupsPath"]!);
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "a program put into config.json after create is not what start runs")]
    public void Later_changes_of_the_program_do_nothing()
    {
        var container = Create(Script("echo first"));
        container.Bundle.Script("echo second").Write();
        container.Start().Output().ShouldBe("first");
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "config.json may vanish after create")]
    public void The_configuration_may_vanish()
    {
        var container = Create(Script("echo first"));
        File.Delete(container.Bundle.ConfigFile);
        container.Start().Output().ShouldBe("first");
        container.Call("delete").ShouldSucceed();
    }

    [Fact]
    [Statement("runtime.md#lifecycle", "hooks put into config.json after create are not called")]
    public void Later_hooks_do_nothing()
    {
        var container = Create(NewBundle());
        var file = Path.Combine(Folder, "called");
        container.Bundle.Hook("poststart", $"touch {file}").Hook("poststop", $"touch {file}").Write();
        container.Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    [Statement("config.md#process", "a configuration without a process cannot be started")]
    public void Start_needs_a_process()
    {
        var bundle = NewBundle();
        bundle.Config.Remove("process");
        if (TryCreate(bundle, out var container).ExitCode == 0)
        {
            container.Call("start").ShouldFail();
        }
    }

    [Fact]
    [Statement("runc create(8)#pid-file", "the pid file is there, with the pid and nothing else, when create returns")]
    public void The_pid_file_is_there_in_time()
    {
        var file = Path.Combine(Folder, "pid");
        var container = Create(Waiting(), "--pid-file", file);
        File.ReadAllText(file).ShouldBe(container.First.Pid.ToString());
    }

    [Fact]
    [Statement("runc create(8)#pid-file", "an existing pid file is replaced")]
    public void The_pid_file_is_replaced()
    {
        var file = Path.Combine(Folder, "pid");
        File.WriteAllText(file, "99999999999999");
        var container = Create(Waiting(), "--pid-file", file);
        File.ReadAllText(file).ShouldBe(container.First.Pid.ToString());
    }

    [Fact]
    [Statement("runc create(8)#pid-file", "a pid file that cannot be written is an error and leaves nothing")]
    public void The_pid_file_must_be_writable()
    {
        TryCreate(Waiting(), out var container, "--pid-file", Folder + "/nowhere/pid").ShouldFail();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runtime.md#create", "a root other containers use knows nothing of them: ids are unique in the scope of the runtime")]
    public void Another_root_is_another_scope()
    {
        var container = Create(Waiting());
        Directory.CreateDirectory(Folder + "/other");
        new OciRuntime(Folder + "/other").Call("state", container.Id).ShouldFail();
        container.Status.ShouldBe("created");
    }
}

namespace Sampan.Conformance.Lifecycle;

/// <summary>runtime.md: delete undoes create, and only that.</summary>
public class DeleteTests : StatementTest
{
    [Fact]
    [Statement("runtime.md#delete", "delete without an id is an error")]
    public void An_id_is_needed() => Runtime.Call("delete").ShouldFail();

    [Fact]
    [Statement("runtime.md#delete", "delete of a container that does not exist is an error")]
    public void The_container_must_exist() => Runtime.Call("delete", NewId()).ShouldFail();

    [Fact]
    [Statement("runtime.md#delete", "delete of a created container is an error")]
    [Differs("sampan-runtime", "ends the process and deletes the container, as runc does")]
    [Differs("runc 1.1.5", "ends the process and deletes the container")]
    [Differs("crun 1.8.1", "ends the process and deletes the container")]
    public void A_created_container_is_an_error() => Create(Waiting()).Call("delete").ShouldFail();

    [Fact]
    [Statement("runtime.md#delete", "delete of a created container does not touch it")]
    [Differs("sampan-runtime", "ends the process and deletes the container, as runc does")]
    [Differs("runc 1.1.5", "ends the process and deletes the container")]
    [Differs("crun 1.8.1", "ends the process and deletes the container")]
    public void A_created_container_stays()
    {
        var container = Create(Script("echo ran"));
        _ = container.First;
        container.Call("delete");
        container.Status.ShouldBe("created");
        container.Start().Output().ShouldBe("ran");
    }

    [Fact]
    [Statement("runtime.md#delete", "delete of a running container is an error")]
    public void A_running_container_is_an_error() => Create(Waiting()).Start().Call("delete").ShouldFail();

    [Fact]
    [Statement("runtime.md#delete", "delete of a running container does not touch it")]
    public void A_running_container_stays()
    {
        var container = Create(Script("echo started; read line; echo $line")).Start();
        container.Call("delete").ShouldFail();
        container.Status.ShouldBe("running");
        Directory.Exists(ControlFolder(container, "memory")).ShouldBeTrue();
        container.Command.Send("alive");
        container.Output().ShouldBe("started\nalive");
    }

    [Fact]
    [Statement("runtime.md#delete", "delete of a stopped container removes its state, control groups and mounts")]
    public void Everything_goes()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runtime.md#delete", "delete twice is an error")]
    public void Once_is_enough()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        container.Call("delete").ShouldFail();
    }

    [Fact]
    [Statement("runtime.md#delete", "the id of a deleted container can be used again")]
    public void The_id_is_free()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        TryCreate(container.Id, Script("echo again"), out var second).ShouldSucceed();
        second.Start().Output().ShouldBe("again");
    }

    [Fact]
    [Statement("runtime.md#delete", "what belongs to the container but was there before stays: the bundle and what is bound from the host")]
    public void The_bundle_stays()
    {
        var source = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;
        var container = Create(Script("echo kept >/mnt/file; echo kept >/file").Mount("/mnt", "bind", source, "bind")).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        File.ReadAllText(source + "/file").ShouldBe("kept\n");
        File.ReadAllText(container.Bundle.In("file")).ShouldBe("kept\n");
        File.Exists(container.Bundle.ConfigFile).ShouldBeTrue();
    }

    [Fact]
    [Statement("runtime.md#delete", "a namespace that was joined by its path stays")]
    public void A_joined_namespace_stays()
    {
        var holder = Create(Waiting()).Start();
        var joining = NewBundle().WithoutNamespace("network");
        joining.Linux["namespaces"]!.AsArray().Add(Json.Parse($$"""{"type":"network","path":"/proc/{{holder.First.Pid}}/ns/net"}"""));
        var container = Create(joining).Start().WaitForStop();
        container.Call("delete").ShouldSucceed();
        holder.Status.ShouldBe("running");
    }

    [Fact]
    [Statement("runtime.md#delete", "a container whose process was killed from outside can be deleted")]
    public void A_crashed_container_can_be_deleted()
    {
        var container = Create(Waiting()).Start();
        container.First.Signal(Native.SIGKILL).ShouldBeTrue();
        container.WaitForStop();
        container.Call("delete").ShouldSucceed();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runtime.md#delete", "a container whose bundle has vanished can be deleted")]
    public void A_container_without_its_bundle_can_be_deleted()
    {
        var container = Create(NewBundle()).Start().WaitForStop();
        Directory.Delete(container.Bundle.Folder, recursive: true);
        container.Call("delete").ShouldSucceed();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runc delete(8)", "delete --force ends a running container and removes it")]
    public void Force_ends_it()
    {
        var container = Create(Waiting()).Start();
        container.Call("delete", "--force").ShouldSucceed();
        container.First.WaitForEnd();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runc delete(8)", "delete --force removes a created container")]
    public void Force_removes_a_created_one()
    {
        var container = Create(Waiting());
        _ = container.First;
        container.Call("delete", "--force").ShouldSucceed();
        container.First.WaitForEnd();
        ShouldBeGone(container.Id);
    }

    [Fact]
    [Statement("runc delete(8)", "delete --force of a container that does not exist is no error")]
    public void Force_wants_it_gone() => Runtime.Call("delete", "--force", NewId()).ShouldSucceed();
}

namespace Sampan.Conformance.Seccomp;

/// <summary>config-linux.md, "Seccomp": listenerPath and the container process state.</summary>
public class SeccompListenerTests : StatementTest
{
    [Fact]
    [Statement("config-linux.md#seccomp", "with SCMP_ACT_NOTIFY listenerPath gets one state, with the filter's descriptor")]
    public void The_descriptor_arrives()
    {
        var (_, descriptors, _) = Receive();
        descriptors.Count.ShouldBe(1);
        File.ResolveLinkTarget($"/proc/self/fd/{descriptors[0]}", returnFinalTarget: false)!.Name.ShouldContain("seccomp notify");
        Native.close(descriptors[0]);
    }

    [Fact]
    [Statement("config-linux.md#the-container-process-state", "it has the version and the name of the descriptor")]
    public void It_names_the_descriptor()
    {
        var (state, descriptors, _) = Receive();
        ((string)state["ociVersion"]!).ShouldMatch(@"^\d+\.\d+\.\d+");
        state["fds"]!.AsArray().Select(name => (string)name!).ShouldBe(["seccompFd"]);
        descriptors.ForEach(descriptor => Native.close(descriptor));
    }

    [Fact]
    [Statement("config-linux.md#the-container-process-state", "it has the pid of the container's process as the runtime numbers it")]
    public void It_has_the_pid()
    {
        var (state, descriptors, container) = Receive();
        ((int)state["pid"]!).ShouldBe(container.First.Pid);
        descriptors.ForEach(descriptor => Native.close(descriptor));
    }

    [Fact]
    [Statement("config-linux.md#the-container-process-state", "it has listenerMetadata")]
    public void It_has_the_metadata()
    {
        var (state, descriptors, _) = Receive();
        ((string)state["metadata"]!).ShouldBe("some data");
        descriptors.ForEach(descriptor => Native.close(descriptor));
    }

    [Fact]
    [Statement("config-linux.md#the-container-process-state", "it has the container's state")]
    public void It_has_the_state()
    {
        var (state, descriptors, container) = Receive();
        ((string)state["state"]!["id"]!).ShouldBe(container.Id);
        ((string)state["state"]!["bundle"]!).ShouldBe(container.Bundle.Folder);
        ((string)state["state"]!["status"]!).ShouldBeOneOf("creating", "created");
        descriptors.ForEach(descriptor => Native.close(descriptor));
    }

    [Fact]
    [Statement("config-linux.md#seccomp", "a call that is notified fails with ENOSYS when nobody holds the descriptor any more")]
    public void A_call_needs_a_holder()
    {
        var (_, descriptors, container) = Receive();
        descriptors.ForEach(descriptor => Native.close(descriptor));
        container.Start().Output().ShouldContain("not implemented");
    }

    [Fact]
    [Statement("config-linux.md#seccomp", "a listenerPath nobody listens on is an error")]
    public void Somebody_must_listen() => ShouldNotRun(With(Folder + "/nobody.sock"));

    private Bundle With(string path) => Script("/bin/busybox mkdir /made 2>&1 || true").With(b => b.Linux["seccomp"] = Json.Parse(
        $$"""{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"{{path}}","listenerMetadata":"some data","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_NOTIFY"}]}"""));

    private (JsonNode State, List<int> Descriptors, Container Container) Receive()
    {
        using var socket = new DescriptorSocket(Path.Combine(Folder, "listener.sock"));
        var create = Begin("create", NewId(), With(socket.Path));
        var (text, descriptors) = socket.Receive();
        create.Command.WaitForExit().ShouldSucceed();
        return (Json.Parse(text), descriptors, create);
    }
}

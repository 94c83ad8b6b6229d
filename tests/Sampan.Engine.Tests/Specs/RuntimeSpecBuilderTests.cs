using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Resources;

namespace Sampan.Engine.Tests.Specs;

public sealed class RuntimeSpecBuilderTests
{
    [Fact]
    public void ADefaultContainerIsDockers()
    {
        var spec = SpecRequests.Build(new());
        spec.Process!.Args.ShouldBe(["sh"]);
        spec.Process.Env.ShouldBe([ContainerDefaults.Path, "HOSTNAME=box", "HOME=/root"]);
        spec.Process.Cwd.ShouldBe("/");
        spec.Process.Capabilities!.Effective.ShouldBe(CapabilitySet.ContainerDefault.ToNames());
        spec.Process.Capabilities.Inheritable.ShouldBeEmpty();
        spec.Process.NoNewPrivileges.ShouldBeFalse();
        spec.Process.OomScoreAdj.ShouldBeNull();
        spec.Hostname.ShouldBe("box");
        spec.Linux!.Namespaces!.Select(item => item.Type).ShouldBe(["mount", "pid", "ipc", "uts", "cgroup", "network"]);
        spec.Linux.CgroupsPath.ShouldBe("/sampan/" + SpecRequests.Id);
        spec.Linux.MaskedPaths!.ShouldContain("/proc/kcore");
        spec.Linux.ReadonlyPaths!.ShouldContain("/proc/sys");
        spec.Linux.Sysctl!.Keys.ShouldBe(["net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range"]);
        spec.Linux.Resources!.Memory.ShouldBeNull();
        spec.Linux.Resources.Cpu.ShouldBeNull();
        ResourceLimits.Of(spec.Linux.Resources).Devices![0].ToString().ShouldBe("a");
        RuntimeJson.RuntimeSpec.ToText(spec).ShouldContain("\"ociVersion\":\"1.2.0\"");
    }

    [Fact]
    public void EntrypointAndCommandAreJoined()
    {
        SpecRequests.Build(new(), new() { Entrypoint = ["/bin/echo", "-n"], Cmd = ["x"] }).Process!.Args.ShouldBe(["/bin/echo", "-n", "x"]);
        Should.Throw<SampanException>(() => SpecRequests.Build(new(), new())).Message.ShouldBe("no command specified");
    }

    [Fact]
    public void TheEnvironmentIsReplacedInPlace()
    {
        var config = new ContainerConfig { Cmd = ["sh"], Hostname = "box", Tty = true, Env = ["PATH=/x", "A=1", "B", "TERM=vt", "A=2", "HOSTNAME"] };
        SpecRequests.Build(new(), config).Process!.Env.ShouldBe(["PATH=/x", "TERM=vt", "A=2", "HOME=/root"]);
        SpecRequests.Build(new(), config with { Env = ["HOME=/h"] }).Process!.Env!.ShouldContain("HOME=/h");
    }

    [Fact]
    public void TheWorkingDirectoryIsAbsolute() =>
        Should.Throw<SampanException>(() => SpecRequests.Build(new(), new() { Cmd = ["sh"], WorkingDir = "x" })).Message
            .ShouldBe("the working directory 'x' is invalid, it needs to be an absolute path");

    [Fact]
    public void OtherUsersKeepOnlyTheBoundingSet()
    {
        var request = SpecRequests.Of(new()) with { User = new(1000, 1000, [1000, 4], "/") };
        var process = RuntimeSpecBuilder.Build(request).Process!;
        process.Capabilities!.Bounding!.Count.ShouldBe(14);
        process.Capabilities.Effective.ShouldBeEmpty();
        process.Capabilities.Permitted.ShouldBeEmpty();
        process.User.AdditionalGids.ShouldBe([1000u, 4u]);
    }

    [Fact]
    public void PrivilegedGetsAllThereIs()
    {
        var facts = SpecRequests.Host with { Bounding = CapabilitySet.All.Without(Capability.SysResource) };
        var spec = RuntimeSpecBuilder.Build(SpecRequests.Of(new() { Privileged = true }) with { Host = facts });
        spec.Process!.Capabilities!.Effective.ShouldBe(facts.Bounding.ToNames());
        spec.Linux!.MaskedPaths.ShouldBeEmpty();
        spec.Linux.ReadonlyPaths.ShouldBeEmpty();
        spec.Linux.Resources!.Devices!.Single().Allow.ShouldBeTrue();
        spec.Linux.Devices!.ShouldContain(device => device.Path == "/dev/null" && device.Major == 1 && device.Minor == 3);
        spec.Linux.Devices!.ShouldNotContain(device => device.Path.StartsWith("/dev/pts", StringComparison.Ordinal));
        spec.Mounts!.Single(mount => mount.Destination == "/sys").Options!.ShouldNotContain("ro");
        spec.Mounts!.Single(mount => mount.Destination == "/sys/fs/cgroup").Options!.ShouldNotContain("ro");
    }

    [Fact]
    public void TheHostsNamespacesAreKept()
    {
        var spec = SpecRequests.Build(
            new() { NetworkMode = "host", PidMode = "host", IpcMode = "host", UTSMode = "host", CgroupnsMode = "host" },
            new() { Cmd = ["sh"] });
        spec.Linux!.Namespaces!.Select(item => item.Type).ShouldBe(["mount"]);
        spec.Hostname.ShouldBeNull();
        spec.Process!.Env!.ShouldContain("HOSTNAME=" + Environment.MachineName);
        spec.Linux.Sysctl.ShouldBeEmpty();
        SpecRequests.Lines(spec).ShouldContain("/dev/shm bind /dev/shm rbind,rprivate");
    }

    [Fact]
    public void NamespacesOfContainersAreJoinedByPath()
    {
        var request = SpecRequests.Of(new() { PidMode = "container:other" });
        Should.Throw<SampanException>(() => RuntimeSpecBuilder.Build(request)).Kind.ShouldBe(ErrorKind.Conflict);
        var joined = request with { JoinedNamespaces = new Dictionary<string, string> { ["pid"] = "/proc/7/ns/pid" } };
        RuntimeSpecBuilder.Build(joined).Linux!.Namespaces!.Single(item => item.Type == "pid").Path.ShouldBe("/proc/7/ns/pid");
        NamespaceSpecs.JoinedContainer("container:other").ShouldBe("other");
        NamespaceSpecs.JoinedContainer("host").ShouldBeNull();
    }

    [Theory]
    [InlineData("apparmor=docker-default", ErrorKind.Unavailable)]
    [InlineData("label=type:x", ErrorKind.Unavailable)]
    [InlineData("nonsense", ErrorKind.InvalidArgument)]
    [InlineData("no-new-privileges=maybe", ErrorKind.InvalidArgument)]
    public void SecurityThatCannotBeHadIsRefused(string option, ErrorKind kind) =>
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { SecurityOpt = [option] })).Kind.ShouldBe(kind);

    [Fact]
    public void SecurityOptionsAreRead()
    {
        SpecRequests.Build(new() { SecurityOpt = ["no-new-privileges", "apparmor=unconfined", "label=disable"] }).Process!.NoNewPrivileges.ShouldBeTrue();
        SpecRequests.Build(new() { SecurityOpt = ["systempaths=unconfined"] }).Linux!.MaskedPaths.ShouldBeEmpty();
        SecurityOptions.Parse(["seccomp=unconfined"], false).SeccompUnconfined.ShouldBeTrue();
        SecurityOptions.Parse(["seccomp:/p.json"], true).ShouldSatisfyAllConditions(
            options => options.SeccompProfile.ShouldBe("/p.json"),
            options => options.SeccompUnconfined.ShouldBeFalse());
        SecurityOptions.Parse(null, true).SeccompUnconfined.ShouldBeTrue();
    }

    [Fact]
    public void SharedMountsNeedASharedRoot()
    {
        var request = SpecRequests.Of(new()) with { Mounts = [new() { Source = "/a", Destination = "/b", Propagation = "rshared" }] };
        RuntimeSpecBuilder.Build(request).Linux!.RootfsPropagation.ShouldBe("shared");
        SpecRequests.Build(new()).Linux!.RootfsPropagation.ShouldBeNull();
    }

    [Fact]
    public void CheckFindsErrorsBeforeAnythingIsMade() =>
        Should.Throw<SampanException>(() => RuntimeSpecBuilder.Check(new() { Cmd = ["x"] }, new() { CapAdd = ["FLY"] }, SpecRequests.Host))
            .Message.ShouldContain("FLY");
}

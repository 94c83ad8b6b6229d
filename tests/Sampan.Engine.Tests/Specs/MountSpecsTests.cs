using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Specs;

public sealed class MountSpecsTests
{
    [Fact]
    public void DefaultsAreDockers() =>
        SpecRequests.Lines(SpecRequests.Build(new() { ShmSize = 1000 })).ShouldBe(
        [
            "/proc proc proc nosuid,noexec,nodev",
            "/dev tmpfs tmpfs nosuid,strictatime,mode=755,size=65536k",
            "/dev/pts devpts devpts nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5",
            "/sys sysfs sysfs nosuid,noexec,nodev,ro",
            "/sys/fs/cgroup cgroup cgroup ro,nosuid,noexec,nodev",
            "/dev/mqueue mqueue mqueue nosuid,noexec,nodev",
            "/dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=1000",
        ]);

    [Fact]
    public void TheUsersComeAfterThemFromShallowToDeep()
    {
        var request = SpecRequests.Of(new() { Tmpfs = new Dictionary<string, string> { ["/run"] = "size=5m,exec" } }) with
        {
            NameFiles = "/c",
            Mounts =
            [
                new() { Source = "/deep", Destination = "/a/b/c", RW = false, Propagation = "rslave" },
                new() { Source = "/own-hosts", Destination = "/etc/hosts" },
                new() { Source = "/shallow", Destination = "/a" },
            ],
        };
        SpecRequests.Lines(RuntimeSpecBuilder.Build(request))[7..].ShouldBe(
        [
            "/a bind /shallow rbind,rprivate",
            "/run tmpfs tmpfs nosuid,nodev,size=5m,exec",
            "/etc/hosts bind /own-hosts rbind,rprivate",
            "/etc/resolv.conf bind /c/resolv.conf rbind,rprivate",
            "/etc/hostname bind /c/hostname rbind,rprivate",
            "/a/b/c bind /deep rbind,rro,rslave",
        ]);
    }

    [Fact]
    public void AMountOfTheUsersTakesADefaultsPlace()
    {
        var request = SpecRequests.Of(new()) with { Mounts = [new() { Source = "/x", Destination = "/dev" }] };
        SpecRequests.Lines(RuntimeSpecBuilder.Build(request)).ShouldBe(
        [
            "/proc proc proc nosuid,noexec,nodev",
            "/sys sysfs sysfs nosuid,noexec,nodev,ro",
            "/sys/fs/cgroup cgroup cgroup ro,nosuid,noexec,nodev",
            "/dev bind /x rbind,rprivate",
        ]);
    }

    [Fact]
    public void NameFilesOfAReadOnlyRootAreReadOnly()
    {
        var request = SpecRequests.Of(new() { ReadonlyRootfs = true }) with { NameFiles = "/c" };
        SpecRequests.Lines(RuntimeSpecBuilder.Build(request)).ShouldContain("/etc/hosts bind /c/hosts rbind,rro,rprivate");
    }

    [Fact]
    public void WithoutIpcThereIsNoSharedMemory() =>
        SpecRequests.Build(new() { IpcMode = "none" }).Mounts!.ShouldNotContain(mount => mount.Destination == "/dev/shm");

    [Theory]
    [InlineData("relative", "", "mount path must be absolute")]
    [InlineData("/run", "color=red", "Invalid tmpfs option \"color=red\"")]
    [InlineData("/run", "rbind", "Invalid tmpfs option \"rbind\"")]
    public void MalformedTmpfsIsRefused(string destination, string options, string message) =>
        Should.Throw<SampanException>(() => SpecRequests.Build(new() { Tmpfs = new Dictionary<string, string> { [destination] = options } }))
            .Message.ShouldContain(message);

    [Fact]
    public void TheLastTmpfsOptionCounts() =>
        TmpfsOptions.Merge("exec,noexec,mode=700,mode=1777,ro,rw").ShouldBe(["nosuid", "nodev", "noexec", "mode=1777", "rw"]);

    [Fact]
    public void OnePathIsMountedOnce()
    {
        var host = new HostConfig { Tmpfs = new Dictionary<string, string> { ["/x"] = "" } };
        var request = SpecRequests.Of(host) with { Mounts = [new() { Source = "/y", Destination = "/x" }] };
        Should.Throw<SampanException>(() => RuntimeSpecBuilder.Build(request)).Message.ShouldBe("Duplicate mount point: /x");
    }
}

using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Containers;

public sealed class MountUpdateTests
{
    private static readonly ContainerRecord Record = new()
    {
        Mounts = [new MountPoint { Source = "/srv", Destination = "/a" }, new MountPoint { Type = "volume", Name = "vol", Source = "/v", Destination = "/b" }],
        MountDetails = new Dictionary<string, MountDetail>(StringComparer.Ordinal) { ["/b"] = new() { Subpath = "x" } },
        AnonymousVolumes = ["old"],
        HostConfig = new()
        {
            Binds = ["/srv:/a:ro", "/other:/c"],
            Mounts = [new MountRequest { Type = "volume", Source = "vol", Target = "/b/" }, new MountRequest { Type = "tmpfs", Target = "/t" }],
            Tmpfs = new Dictionary<string, string>(StringComparer.Ordinal) { ["/m"] = "size=1m" },
        },
    };

    [Fact]
    public void What_is_removed_is_removed_wherever_it_was_asked_for()
    {
        var after = Apply(new() { MountRemove = ["/a/", "/b", "/t", "/m"] });
        after.Mounts.ShouldBeEmpty();
        after.MountDetails.ShouldBeNull();
        after.HostConfig.Binds.ShouldBe(["/other:/c"]);
        after.HostConfig.Mounts.ShouldBeNull();
        after.HostConfig.Tmpfs.ShouldBeNull();
        after.AnonymousVolumes.ShouldBe(["old"], "it still goes with the container");
    }

    [Fact]
    public void What_is_added_comes_in_the_order_of_depth()
    {
        var after = Apply(new()
        {
            MountAdd = [new MountRequest { Type = "bind", Source = "/x", Target = "/a/deep/er" }, new MountRequest { Type = "volume", Target = "/z" }],
            Resolved = new()
            {
                Mounts = [new MountPoint { Source = "/x", Destination = "/a/deep/er" }, new MountPoint { Type = "volume", Name = "new", Destination = "/z" }],
                Details = new Dictionary<string, MountDetail>(StringComparer.Ordinal) { ["/z"] = new() { NonRecursive = true } },
                AnonymousVolumes = ["new"],
            },
        });
        after.Mounts.Select(static mount => mount.Destination).ShouldBe(["/a", "/b", "/z", "/a/deep/er"]);
        after.MountDetails!.Keys.ShouldBe(["/b", "/z"], ignoreOrder: true);
        after.HostConfig.Mounts!.Count.ShouldBe(4);
        after.AnonymousVolumes.ShouldBe(["old", "new"]);
    }

    [Theory]
    [InlineData("/a", "Duplicate mount point: /a")]
    [InlineData("/x/../t/", "Duplicate mount point: /t")]
    [InlineData("/m", "Duplicate mount point: /m")]
    public void A_path_that_is_taken_is_refused(string target, string message) =>
        Should.Throw<SampanException>(() => Apply(new() { MountAdd = [new MountRequest { Target = target }] })).Message.ShouldBe(message);

    [Fact]
    public void A_mount_gives_its_place_to_another()
    {
        Apply(new() { MountRemove = ["/a"], MountAdd = [new MountRequest { Type = "tmpfs", Target = "/a" }] }).HostConfig.Mounts!.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("/none", ErrorKind.NotFound, "No such mount point: /none")]
    [InlineData("/proc", ErrorKind.Conflict, "mount point /proc is part of every container")]
    [InlineData("/", ErrorKind.Conflict, "mount point / is part of every container")]
    [InlineData("relative", ErrorKind.InvalidArgument, "invalid mount path: 'relative' mount path must be absolute")]
    public void Only_what_was_asked_for_is_removed(string path, ErrorKind kind, string message)
    {
        var problem = Should.Throw<SampanException>(() => Apply(new() { MountRemove = [path] }));
        problem.Kind.ShouldBe(kind);
        problem.Message.ShouldStartWith(message);
    }

    [Fact]
    public void What_others_are_mounted_in_stays()
    {
        var record = Record with { Mounts = [.. Record.Mounts, new MountPoint { Destination = "/a/x" }] };
        Should.Throw<SampanException>(() => MountUpdate.Apply(record, new() { MountRemove = ["/a"] })).Message.ShouldContain("/a/x is mounted in it");
        MountUpdate.Apply(record, new() { MountRemove = ["/a", "/a/x"] }).Mounts.ShouldHaveSingleItem();
        MountUpdate.Removed(new() { MountRemove = ["/a", "/a/x/", "/a/x/y"] }).ShouldBe(["/a/x/y", "/a/x", "/a"], "the deeper ones first");
    }

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/var/run/x", "/run/x")]
    public void A_path_may_lead_to_its_mount_through_links(string path, string found) => Should.NotThrow(() => MountUpdate.RequireOwn(Record, path, found));

    [Theory]
    [InlineData("/proc/kcore")]
    [InlineData("/proc")]
    [InlineData("/sys/firmware")]
    [InlineData("/etc/hosts")]
    [InlineData("/b")]
    public void But_not_to_another_mount(string found) =>
        Should.Throw<SampanException>(() => MountUpdate.RequireOwn(Record, "/a", found)).Message.ShouldStartWith($"mount point /a leads to {found} now");

    [Fact]
    public void A_mount_of_what_runs_covers_no_other()
    {
        Should.Throw<SampanException>(() => MountUpdate.RequireFree(Record, "/proc", ["/proc"])).Message.ShouldStartWith("Duplicate mount point: /proc: a running container has it");
        Should.Throw<SampanException>(() => MountUpdate.RequireFree(Record, "/etc", ["/etc"])).Message.ShouldStartWith("mount point /etc would cover /etc/");
        var record = Record with { Mounts = [.. Record.Mounts, new MountPoint { Destination = "/new/deep" }] };
        Should.Throw<SampanException>(() => MountUpdate.RequireFree(record, "/new", ["/new"])).Message.ShouldStartWith("mount point /new would cover /new/deep");
        Should.NotThrow(() => MountUpdate.RequireFree(record, "/new", ["/new", "/new/deep"]));
    }

    [Fact]
    public void Devices_come_and_go_by_their_paths_in_the_container()
    {
        var record = new ContainerRecord
        {
            HostConfig = new() { Devices = [new DeviceMapping { PathOnHost = "/dev/null", PathInContainer = "/dev/x" }], DeviceRequests = [new DeviceRequest { DeviceIDs = ["a.b/c=1", "a.b/c=2"] }] },
        };
        Should.Throw<SampanException>(() => DeviceUpdate.Apply(record, new() { DeviceRemove = ["/dev/null"] })).Kind.ShouldBe(ErrorKind.NotFound);
        Should.Throw<SampanException>(() => DeviceUpdate.Apply(record, new() { DeviceAdd = [new DeviceMapping { PathOnHost = "/dev/full", PathInContainer = "/dev/x" }] })).Message.ShouldStartWith("Duplicate device: /dev/x");
        var host = DeviceUpdate.Apply(
            record with { HostConfig = record.HostConfig with { DeviceRequests = null } },
            new() { DeviceRemove = ["/dev/x"], DeviceAdd = [new DeviceMapping { PathOnHost = "/dev/full", PathInContainer = "/dev/x" }] }).HostConfig;
        host.Devices.ShouldHaveSingleItem().PathOnHost.ShouldBe("/dev/full");
    }

    private static ContainerRecord Apply(UpdateRequest change) => MountUpdate.Apply(Record, change);
}

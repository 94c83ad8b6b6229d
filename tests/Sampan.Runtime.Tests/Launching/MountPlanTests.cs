using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Tests.Launching;

public sealed class MountPlanTests
{
    private static readonly RuntimeSpec Plain = SpecSample.Spec;

    private static readonly RuntimeIdMapping[] Ids = [new() { ContainerID = 0, HostID = 1000, Size = 10 }];

    private static RuntimeSpec With(params RuntimeMount[] mounts) => Plain with { Mounts = [.. Plain.Mounts!, .. mounts] };

    private static List<string> Added(params RuntimeMount[] mounts) => PlanText.Added(With(mounts), Plain);

    private static RuntimeMount Bind(string options) => new() { Destination = "/x", Source = "/y", Options = ["bind", .. options.Split(',', StringSplitOptions.RemoveEmptyEntries)] };

    [Fact]
    public void A_bind_mount_that_says_nothing_is_no_peer_of_the_hosts()
    {
        Added(Bind("")).ShouldBe(
        [
            "Host open_tree /y", "Container mount_setattr /x", "Container openat2 /x", "Container move_mount /x",
        ]);
        using var plan = Sampan.Runtime.Launching.ContainerLauncher.Explain(SpecSample.Request(With(Bind(""))));
        plan.Texts.Single(text => text is { Call: "mount_setattr", Object: "/x" }).Purpose.ShouldStartWith("slave");
    }

    [Theory]
    [InlineData("rprivate", null, 1)]
    [InlineData("rslave", null, 1)]
    [InlineData("private", null, 2)]
    [InlineData("rshared", null, 2)]
    [InlineData("rshared", "shared", 1)]
    [InlineData("", "rshared", 0)]
    [InlineData("", "private", 1)]
    [InlineData("slave,shared", "rshared", 2)]
    public void Propagation_starts_from_the_roots(string options, string? root, int steps)
    {
        var spec = With(Bind(options));
        var texts = PlanText.Steps(spec with { Linux = spec.Linux! with { RootfsPropagation = root } });
        texts.Count(text => text == "mount_setattr /x").ShouldBe(steps);
    }

    [Fact]
    public void Mapped_ids_are_set_on_the_host_side_by_one_namespace_for_each_mapping()
    {
        var mapped = Bind("rprivate") with { UidMappings = Ids, GidMappings = Ids };
        Added(mapped, mapped with { Destination = "/z", Options = ["rbind", "ridmap", "rprivate"] }).Take(5).ShouldBe(
        [
            "Host clone user namespace 0 1000 10", "Host open_tree /y", "Host mount_setattr /x idmap", "Host open_tree /y", "Host mount_setattr /z idmap",
        ]);
    }

    [Fact]
    public void Mapped_ids_need_both_kinds_and_a_bind_mount()
    {
        PlanText.Refusal(With(Bind("") with { UidMappings = Ids })).ShouldContain("must have both uid and gid mappings");
        PlanText.Refusal(With(new RuntimeMount { Destination = "/x", Type = "tmpfs", UidMappings = Ids, GidMappings = Ids })).ShouldContain("only supported for bind-mounts");
        PlanText.Refusal(With(Bind("idmap"))).ShouldContain("needs a user namespace");
    }

    [Fact]
    public void A_tmpfs_resembles_what_it_covers()
    {
        Added(new RuntimeMount { Destination = "/run", Type = "tmpfs", Options = ["tmpcopyup", "ro", "nosuid"] }).ShouldBe(
        [
            "Container fsopen tmpfs /run", "Container fsmount tmpfs nosuid",
            "Container fchmodat /run", "Container copy /run", "Container mount_setattr /run ro", "Container openat2 /run", "Container move_mount /run",

        ]);
        Added(new RuntimeMount { Destination = "/run", Type = "tmpfs", Options = ["mode=700"] }).ShouldNotContain("Container fchmodat /run");
        PlanText.Refusal(With(Bind("tmpcopyup"))).ShouldContain("tmpcopyup is for a tmpfs");
    }

    [Fact]
    public void Superblock_flags_are_a_new_file_systems_and_not_a_bind_mounts()
    {
        var words = "sync,dirsync,lazytime,mand,silent,iversion";
        Added(new RuntimeMount { Destination = "/t", Type = "tmpfs", Options = [.. words.Split(','), "mode=1"] })
            .Where(step => step.StartsWith("Container fsconfig tmpfs", StringComparison.Ordinal)).Order()
            .ShouldBe(["Container fsconfig tmpfs dirsync", "Container fsconfig tmpfs lazytime", "Container fsconfig tmpfs mand", "Container fsconfig tmpfs mode=1", "Container fsconfig tmpfs sync"]);
        Added(Bind(words)).ShouldBe(Added(Bind("")));
    }

    [Fact]
    public void A_remount_changes_what_is_there()
    {
        Added(new RuntimeMount { Destination = "/proc", Options = ["bind", "remount", "ro"] })
            .ShouldBe(["Container openat2 /proc", "Container mount_setattr /proc ro"]);
        Added(new RuntimeMount { Destination = "/dev", Type = "tmpfs", Options = ["remount", "ro", "size=1m"] }).ShouldBe(
        [
            "Container openat2 /dev", "Container fspick /dev", "Container fsconfig /dev ro", "Container fsconfig /dev size=1m", "Container fsconfig /dev reconfigure",
            "Container mount_setattr /dev ro",
        ]);
    }

    [Fact]
    public void A_disk_mounted_read_only_is_read_only_below_too() =>
        Added(new RuntimeMount { Destination = "/d", Type = "ext4", Source = "/dev/vdb", Options = ["ro"] }).ShouldContain("Container fsconfig ext4 ro");

    [Fact]
    public void Labels_are_given_to_what_is_mounted_but_not_to_proc()
    {
        var labelled = Plain with { Linux = Plain.Linux! with { MountLabel = "system_u:object_r:x:s0:c1" } };
        PlanText.Added(labelled, Plain, request => request with { Security = () => new(false, true) })
            .ShouldBe(["Container fsconfig tmpfs context=system_u:object_r:x:s0:c1"]);
    }
}

using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Tests.Launching;

public sealed class NamespacePlanTests
{
    private static readonly RuntimeSpec Plain = SpecSample.Spec with { Linux = SpecSample.Spec.Linux! with { Sysctl = null } };

    private static readonly RuntimeIdMapping[] Ids = [new() { HostID = 100000, Size = 65536 }];

    private static RuntimeSpec With(RuntimeLinux linux) => Plain with { Linux = linux };

    private static RuntimeSpec WithNamespaces(params RuntimeNamespace[] namespaces)
    {
        var given = namespaces.Select(item => item.Type).ToHashSet();
        var mapped = namespaces.Any(item => item is { Type: "user", Path: null });
        return With(Plain.Linux! with
        {
            Namespaces = [.. Plain.Linux!.Namespaces!.Where(item => !given.Contains(item.Type)), .. namespaces],
            UidMappings = mapped ? Ids : null,
            GidMappings = mapped ? Ids : null,
        });
    }

    private static Dictionary<string, RuntimeTimeOffset> Offsets(string clock, long seconds, uint nanoseconds = 0) =>
        new(StringComparer.Ordinal) { [clock] = new() { Secs = seconds, Nanosecs = nanoseconds } };

    [Fact]
    public void Offsets_are_written_before_the_time_namespace_is_entered()
    {
        var made = WithNamespaces(new RuntimeNamespace { Type = "time" });
        PlanText.Steps(made).ShouldContain("clone3 namespaces mount, pid, network, uts, time");
        var offset = With(made.Linux! with { TimeOffsets = Offsets("boottime", -5, 7) });
        PlanText.Added(offset, made).ShouldBe(
        [
            "Host clone3 namespaces mount, pid, network, uts", "Container unshare time namespace", "Container openat /proc/self/timens_offsets",
            "Container write /proc/self/timens_offsets = boottime -5 7", "Container openat /proc/self/ns/time_for_children",
            "Container setns time namespace",
        ]);
    }

    [Fact]
    public void Offsets_need_a_time_namespace_of_ones_own()
    {
        PlanText.Refusal(With(Plain.Linux! with { TimeOffsets = Offsets("boottime", 1) })).ShouldContain("time namespace isn't enabled");
        var joined = WithNamespaces(new RuntimeNamespace { Type = "time", Path = "/run/t" });
        PlanText.Refusal(With(joined.Linux! with { TimeOffsets = Offsets("boottime", 1) })).ShouldContain("both namespace path and time offsets");
        var made = WithNamespaces(new RuntimeNamespace { Type = "time" });
        PlanText.Refusal(With(made.Linux! with { TimeOffsets = Offsets("realtime", 1) })).ShouldContain("\"realtime\"");
        PlanText.Refusal(With(made.Linux! with { TimeOffsets = Offsets("monotonic", 1, 1_000_000_000) })).ShouldContain("more than a second");
    }

    [Fact]
    public void A_user_namespace_is_joined_by_a_process_in_between_after_all_others()
    {
        var steps = PlanText.Steps(WithNamespaces(
            new() { Type = "user", Path = "/n/user" }, new() { Type = "network", Path = "/n/net" }, new() { Type = "pid", Path = "/n/pid" }));
        steps.SkipWhile(step => !step.StartsWith("clone3", StringComparison.Ordinal)).Take(5).ShouldBe(
        [
            "clone3 no new namespaces", "setns network namespace", "setns pid namespace", "setns user namespace", "clone3 namespaces mount, uts",
        ]);
        steps.Count(step => step == "setns network namespace").ShouldBe(1);
        steps.ShouldContain("setresuid 0");
        steps.ShouldNotContain("read status channel");
    }

    [Fact]
    public void A_new_user_namespace_needs_that_process_only_when_it_joins_others()
    {
        PlanText.Steps(WithNamespaces(new RuntimeNamespace { Type = "user" })).Count(step => step.StartsWith("clone3", StringComparison.Ordinal)).ShouldBe(1);
        PlanText.Steps(WithNamespaces(new() { Type = "user" }, new() { Type = "pid", Path = "/n/pid" })).Count(step => step.StartsWith("clone3", StringComparison.Ordinal)).ShouldBe(1);
        var steps = PlanText.Steps(WithNamespaces(new() { Type = "user" }, new() { Type = "uts", Path = "/n/uts" }));
        steps.SkipWhile(step => !step.StartsWith("clone3", StringComparison.Ordinal)).Take(3)
            .ShouldBe(["clone3 no new namespaces", "setns uts namespace", "clone3 namespaces user, mount, pid, network"]);
        steps.ShouldContain("read status channel");
    }

    [Fact]
    public void A_mount_namespace_is_joined_once_all_of_the_hosts_paths_are_open()
    {
        var steps = PlanText.Steps(WithNamespaces(new RuntimeNamespace { Type = "mount", Path = "/n/mnt" }));
        steps.IndexOf("open_tree /srv/data").ShouldBeLessThan(steps.IndexOf("setns own mount namespace"));
        steps.ShouldNotContain("openat /proc/self/ns/mnt");
        steps.ShouldNotContain("chroot caller's root");
        steps.ShouldContain("pivot_root . over .");
    }

    [Fact]
    public void Without_a_mount_namespace_the_root_is_only_changed_to()
    {
        var linux = Plain.Linux! with
        {
            MaskedPaths = null,
            ReadonlyPaths = null,
            Namespaces = [.. Plain.Linux!.Namespaces!.Where(item => item.Type != "mount")],
        };
        var steps = PlanText.Steps(With(linux));
        steps.ShouldContain("chroot .");
        steps.ShouldNotContain("pivot_root . over .");
        steps.ShouldNotContain("mount /");
        PlanText.Refusal(With(linux with { ReadonlyPaths = ["/proc/sys"] })).ShouldBe("unable to restrict sys entries without a private MNT namespace");
    }

    [Fact]
    public void Network_devices_move_while_the_child_waits()
    {
        var devices = new Dictionary<string, RuntimeNetDevice>(StringComparer.Ordinal) { ["eth1"] = new() { Name = "net0" }, ["eth2"] = new() };
        using var plan = Sampan.Runtime.Launching.ContainerLauncher.Explain(SpecSample.Request(With(Plain.Linux! with { NetDevices = devices })));
        plan.Texts.Single(text => text.Call == "read" && text.Object == "status channel").Purpose.ShouldEndWith("moved network devices in: eth1 as net0, eth2");
    }

    [Theory]
    [InlineData("eth/1", "x")]
    [InlineData("eth1", "with space")]
    [InlineData("eth1", "averyveryverylong")]
    [InlineData("eth1", "..")]
    [InlineData("eth1", "eth%d")]
    public void Names_no_device_can_have_are_refused(string name, string newName) =>
        PlanText.Refusal(With(Plain.Linux! with { NetDevices = new Dictionary<string, RuntimeNetDevice>(StringComparer.Ordinal) { [name] = new() { Name = newName } } }))
            .ShouldContain("invalid network device name");

    [Fact]
    public void Two_devices_of_one_name_or_no_network_to_move_to_are_refused()
    {
        var devices = new Dictionary<string, RuntimeNetDevice>(StringComparer.Ordinal) { ["eth1"] = new() { Name = "eth2" }, ["eth2"] = new() };
        PlanText.Refusal(With(Plain.Linux! with { NetDevices = devices })).ShouldContain("two devices are named eth2");
        var shared = Plain.Linux! with { NetDevices = devices, Namespaces = [.. Plain.Linux!.Namespaces!.Where(item => item.Type != "network")] };
        PlanText.Refusal(With(shared)).ShouldContain("without a NET namespace");
    }
}

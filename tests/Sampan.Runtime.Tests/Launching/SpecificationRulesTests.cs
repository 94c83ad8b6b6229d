using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

public sealed class SpecificationRulesTests
{
    private static readonly RuntimeSpec Plain = SpecSample.Spec;

    private static RuntimeSpec With(RuntimeLinux linux) => Plain with { Linux = linux };

    private static RuntimeSpec WithParameter(string name, params string[] without)
    {
        RuntimeNamespace[] all = [.. Plain.Linux!.Namespaces!, new() { Type = "ipc" }];
        var linux = Plain.Linux! with
        {
            Sysctl = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "1" },
            Namespaces = [.. all.Where(item => !without.Contains(item.Type))],
        };
        return With(linux) with { Hostname = without.Contains("uts") ? null : "box" };
    }

    [Theory]
    [InlineData("net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward")]
    [InlineData("net/ipv4/conf/eth0.100/forwarding", "/proc/sys/net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net.ipv4.conf.eth0/100.forwarding", "/proc/sys/net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("kernel.shm_rmid_forced", "/proc/sys/kernel/shm_rmid_forced")]
    [InlineData("fs.mqueue.msg_max", "/proc/sys/fs/mqueue/msg_max")]
    [InlineData("kernel.domainname", "/proc/sys/kernel/domainname")]
    public void Parameters_of_the_containers_namespaces_are_set(string name, string path) =>
        PlanText.Steps(WithParameter(name)).ShouldContain($"write {path} = 1");

    [Theory]
    [InlineData("net.core.somaxconn", "network", "not allowed in host network namespace")]
    [InlineData("kernel.shmmax", "ipc", "not allowed in the hosts ipc namespace")]
    [InlineData("fs.mqueue.msg_max", "ipc", "not allowed in the hosts ipc namespace")]
    [InlineData("kernel.domainname", "uts", "not in a separate kernel namespace")]
    [InlineData("kernel.hostname", "", "conflicts with the OCI \"hostname\" field")]
    [InlineData("kernel.panic", "", "not in a separate kernel namespace")]
    [InlineData("vm.swappiness", "", "not in a separate kernel namespace")]
    [InlineData("net.../x", "", "not the name of a kernel parameter")]
    [InlineData("net/../../sysrq-trigger", "", "not the name of a kernel parameter")]
    public void Parameters_of_the_host_are_not(string name, string without, string words) =>
        PlanText.Refusal(WithParameter(name, without.Split(',', StringSplitOptions.RemoveEmptyEntries))).ShouldContain(words);

    [Fact]
    public void A_joined_network_must_not_be_the_hosts()
    {
        var linux = WithParameter("net.core.somaxconn", "network").Linux!;
        PlanText.Refusal(With(linux with { Namespaces = [.. linux.Namespaces!, new() { Type = "network", Path = "/proc/self/ns/net" }] }))
            .ShouldContain("not allowed in host network namespace");
    }

    [Fact]
    public void Names_need_a_namespace_that_may_be_shared()
    {
        RuntimeNamespace[] others = [.. Plain.Linux!.Namespaces!.Where(item => item.Type != "uts")];
        PlanText.Refusal(With(Plain.Linux! with { Namespaces = others })).ShouldBe("unable to set hostname without a private UTS namespace");
        PlanText.Refusal(With(Plain.Linux! with { Namespaces = others }) with { Hostname = null, Domainname = "d" }).ShouldBe("unable to set domainname without a private UTS namespace");
        PlanText.Steps(With(Plain.Linux! with { Namespaces = [.. others, new() { Type = "uts", Path = "/n/uts" }] })).ShouldContain("sethostname box");
    }

    [Fact]
    public void Mappings_need_a_user_namespace() =>
        PlanText.Refusal(With(Plain.Linux! with { UidMappings = [new() { Size = 1 }] })).ShouldContain("USER namespace isn't enabled");

    [Fact]
    public void Limits_are_known_and_given_once()
    {
        PlanText.Refusal(Plain with { Process = Plain.Process! with { Rlimits = [new() { Type = "RLIMIT_X" }] } }).ShouldContain("invalid rlimit type: \"RLIMIT_X\"");
        var limit = new RuntimeRlimit { Type = "RLIMIT_CORE" };
        PlanText.Refusal(Plain with { Process = Plain.Process! with { Rlimits = [limit, limit] } }).ShouldContain("given twice");
    }

    [Fact]
    public void Labels_need_a_host_that_enforces_them()
    {
        var none = new SecurityModules(false, false);
        PlanText.Refusal(Plain with { Process = Plain.Process! with { ApparmorProfile = "p" } }, request => request with { Security = () => none })
            .ShouldBe("apparmor: config provided but apparmor not supported");
        PlanText.Refusal(Plain with { Process = Plain.Process! with { SelinuxLabel = "l" } }, request => request with { Security = () => none })
            .ShouldBe("selinux label is specified in config, but selinux is disabled or not supported");
        PlanText.Refusal(With(Plain.Linux! with { MountLabel = "l" }), request => request with { Security = () => none }).ShouldContain("selinux");
    }

    [Fact]
    public void Labels_are_written_through_the_plans_own_proc()
    {
        var labelled = Plain with { Process = Plain.Process! with { ApparmorProfile = "p", SelinuxLabel = "l" } };
        PlanText.Added(labelled, Plain, request => request with { Security = () => new(true, true) }).ShouldBe(
        [
            "Container openat2 /proc/self/attr/apparmor/exec", "Container write /proc/self/attr/apparmor/exec = exec p",
            "Container openat2 /proc/self/attr/exec", "Container write /proc/self/attr/exec = l",
            "Container openat2 /proc/self/attr/keycreate", "Container write /proc/self/attr/keycreate = l",
        ]);
    }

    [Fact]
    public void Capabilities_to_come_are_warned_of_and_ambient_ones_are_inheritable()
    {
        var spec = Plain with
        {
            Process = Plain.Process! with
            {
                Capabilities = new() { Bounding = ["CAP_KILL", "CAP_FUTURE"], Permitted = ["CAP_KILL", "CAP_CHOWN"], Inheritable = ["CAP_KILL"], Ambient = ["CAP_KILL", "CAP_CHOWN"] },
            },
        };
        PlanText.Warnings(spec).ShouldBe(["ignoring unknown or unavailable capabilities: [CAP_FUTURE]"]);
        PlanText.Steps(spec).ShouldContain("prctl PR_CAP_AMBIENT CAP_KILL");
        PlanText.Warnings(Plain).ShouldBeEmpty();
    }

    [Fact]
    public void Devices_of_all_types_are_made_and_those_that_are_there_stay()
    {
        RuntimeDevice[] devices =
        [
            new() { Path = "/dev/f", Type = "p" }, new() { Path = "/dev/u", Type = "u", Major = 1, Minor = 3, Uid = 5 }, new() { Path = "/dev/b", Type = "b", Major = 7 },
        ];
        PlanText.Added(With(Plain.Linux! with { Devices = devices }), Plain)
            .ShouldBe(["Container mknodat /dev/f", "Container mknodat /dev/u", "Container fchownat /dev/u", "Container mknodat /dev/b"]);
        PlanText.Refusal(With(Plain.Linux! with { Devices = [new() { Path = "/dev/x", Type = "a" }] })).ShouldContain("unknown type \"a\"");
        PlanText.Refusal(With(Plain.Linux! with { Devices = [new() { Path = "x/y", Type = "c" }] })).ShouldContain("not absolute");
        PlanText.Refusal(With(Plain.Linux! with { Devices = [new() { Path = "/dev/", Type = "c" }] })).ShouldContain("names a directory");
    }
}

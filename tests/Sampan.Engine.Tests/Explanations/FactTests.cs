using Sampan.Engine.Containers;
using Sampan.Engine.Explanations;
using Sampan.Linux.Mounts;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Tests.Explanations;

/// <summary>Recorded texts of the kernel, and what is made of them.</summary>
public sealed class FactTests
{
    private const string MountInfo = """
        600 500 0:50 / / rw,relatime - overlay overlay rw,lowerdir=l
        601 600 0:51 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
        602 600 8:1 /srv/www /www ro,relatime master:1 - ext4 /dev/sda1 rw
        603 602 0:60 / /www/below ro,relatime - tmpfs tmpfs rw,size=4k
        604 600 0:61 / /scratch rw,nosuid - tmpfs tmpfs rw,size=1024k
        605 601 0:62 / /proc/kcore rw - devtmpfs dev rw
        606 600 0:63 / /own rw - tmpfs none rw
        607 600 8:1 /locked /locked rw - ext4 /dev/sda1 rw
        608 600 8:1 /run /run/linked rw - ext4 /dev/sda1 rw
        """;

    private static readonly ContainerRecord Record = new()
    {
        Config = new() { Image = "busybox", Volumes = new Dictionary<string, EmptyObject>(StringComparer.Ordinal) { ["/data"] = new() } },
        Layers = ["one"],
        Mounts =
        [
            new MountPoint { Source = "/srv/www", Destination = "/www", RW = false }, new MountPoint { Source = "/locked", Destination = "/locked", RW = false },
            new MountPoint { Type = "volume", Name = "v", Source = "/v", Destination = "/data" }, new MountPoint { Source = "/run", Destination = "/var/run/linked" },
        ],
        HostConfig = new()
        {
            Binds = ["/srv/www:/www:ro", "/run:/var/run/linked"],
            Mounts = [new MountRequest { Type = "bind", Source = "/locked", Target = "/locked", ReadOnly = true }],
            Tmpfs = new Dictionary<string, string>(StringComparer.Ordinal) { ["/scratch"] = "size=1m" },
        },
    };

    private static readonly RuntimeSpec Spec = new()
    {
        Mounts =
        [
            new RuntimeMount { Destination = "/proc", Type = "proc" }, new RuntimeMount { Destination = "/www", Type = "bind", Source = "/srv/www", Options = ["rbind", "rro"] },
            new RuntimeMount { Destination = "/locked", Type = "bind", Source = "/locked", Options = ["rbind", "rro"] },
            new RuntimeMount { Destination = "/scratch", Type = "tmpfs", Source = "tmpfs", Options = ["size=1m"] }, new RuntimeMount { Destination = "/data", Type = "bind", Source = "/v", Options = ["rbind"] },
            new RuntimeMount { Destination = "/var/run/linked", Type = "bind", Source = "/run", Options = ["rbind"] },
        ],
        Linux = new() { MaskedPaths = ["/proc/kcore", "/proc/keys", "/proc/none"], ReadonlyPaths = [] },
    };

    [Fact]
    public void Mounts_are_told_by_who_asked_for_them()
    {
        var places = new Dictionary<string, MountPlace>(StringComparer.Ordinal) { ["/var/run/linked"] = new(608, false), ["/www"] = new(602, true) };
        var facts = new MountFacts(Record, Spec, places).Of(MountEntry.Parse(MountInfo));
        facts.ShouldBe(
        [
            new() { Name = "/", Value = "overlay rw", Origin = "image busybox: 1 layers below, what the container writes on top" },
            new() { Name = "/proc", Value = "proc rw", Origin = "every container has it" },
            new() { Name = "/www", Value = "bind of /srv/www ro", Origin = "--volume /srv/www:/www:ro" },
            new() { Name = "/locked", Value = "bind of /locked rw", Origin = "--mount type=bind,dst=/locked", Asked = "ro", Changed = true },
            new() { Name = "/scratch", Value = "tmpfs rw size=1024k", Origin = "--tmpfs /scratch:size=1m" },
            new() { Name = "/data", Value = "not mounted", Origin = "image busybox: VOLUME /data", Asked = "volume v", Changed = true },
            new()
            {
                Name = "/var/run/linked", Value = "another file than /run rw", Origin = "--volume /run:/var/run/linked", Changed = true,
                Asked = "bind of /run, which was replaced on the host since: restart the container to see the new one",
            },
            new() { Name = "/www/below", Value = "tmpfs ro", Origin = "mounted below /srv/www: came with /www" },
            new() { Name = "/own", Value = "tmpfs rw", Origin = "mounted in the container", Asked = "nothing", Changed = true },
        ]);
    }

    [Fact]
    public void Hidden_paths_are_hidden_or_said_not_to_be()
    {
        var facts = PathFacts.Of(Record.HostConfig, Spec.Linux!, MountEntry.Parse(MountInfo), static path => path != "/proc/none");
        facts.Select(static fact => (fact.Name, fact.Value, fact.Changed)).ShouldBe([("/proc/kcore", "hidden", false), ("/proc/keys", "not hidden", true), ("/proc/none", "not in this kernel", false)]);
    }

    [Fact]
    public void Control_files_say_which_flag_set_them_and_what_has_changed()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["memory.limit_in_bytes"] = "67108864",
            ["memory.memsw.limit_in_bytes"] = "9223372036854771712",
            ["cpu.cfs_quota_us"] = "-1",
            ["cpu.shares"] = "512",
            ["pids.max"] = "77",
            ["cpu.max"] = "max 100000",
            ["cpuset.mems"] = "0-1",
            ["blkio.throttle.read_bps_device"] = "8:0 1048576\n8:16 5",
            ["memory.oom_control"] = "oom_kill_disable 1\nunder_oom 0",
        };
        var host = new HostConfig { Memory = 67108865, PidsLimit = 50, NanoCpus = 500_000_000 };
        var facts = CgroupFacts.Of(
            host,
            [
                new("memory", "memory.limit_in_bytes", "67108865"), new("memory", "memory.memsw.limit_in_bytes", "-1"), new("cpu", "cpu.cfs_quota_us", "50000"), new("pids", "pids.max", "50"),
                new("blkio", "blkio.throttle.read_bps_device", "8:0 1048576"), new("blkio", "blkio.throttle.read_bps_device", "8:32 7"), new("memory", "memory.oom_control", "1"),
                new("cpuset", "cpuset.cpus", "0"), new("cpu", "cpu.max", "100000 100000"), new("cpuset", "cpuset.mems", "1,0"), new("devices", "devices.allow", "a"),
            ],
            (_, file) => files.GetValueOrDefault(file));
        facts.Select(static fact => (fact.Name, fact.Value, fact.Asked, fact.Origin)).ShouldBe(
        [
            ("memory.limit_in_bytes", "67108864", "", "--memory 67108865"),
            ("memory.memsw.limit_in_bytes", "9223372036854771712", "", "default: as much swap as --memory"),
            ("cpu.cfs_quota_us", "-1", "50000", "--cpus 0.5"),
            ("pids.max", "77", "50", "--pids-limit 50"),
            ("blkio.throttle.read_bps_device", "8:0 1048576", "", "--device-read-bps"),
            ("blkio.throttle.read_bps_device", "8:0 1048576,8:16 5", "8:32 7", "--device-read-bps"),
            ("memory.oom_control", "oom_kill_disable 1,under_oom 0", "", "--oom-kill-disable"),
            ("cpuset.cpus", "not there", "0", "--cpuset-cpus "),
            ("cpu.max", "max 100000", "100000 100000", "--cpus 0.5"),
            ("cpuset.mems", "0-1", "", "--cpuset-mems "),
            ("cpu.shares", "512", "1024", "nobody asked for a limit"),
        ]);
    }

    [Fact]
    public void Namespaces_are_its_own_the_hosts_or_anothers()
    {
        var view = new KernelView
        {
            Namespaces = new Dictionary<string, string>(StringComparer.Ordinal) { ["mnt"] = "mnt:[7]", ["pid"] = "pid:[1]", ["net"] = "net:[8]", ["uts"] = "uts:[2]", ["user"] = "user:[3]" },
            OwnNamespaces = new Dictionary<string, string>(StringComparer.Ordinal) { ["mnt"] = "mnt:[5]", ["pid"] = "pid:[1]", ["net"] = "net:[9]", ["uts"] = "uts:[2]", ["user"] = "user:[3]" },
            Neighbours = new Dictionary<string, string>(StringComparer.Ordinal) { ["net:[8]"] = "other" },
        };
        var host = new HostConfig { PidMode = "host", NetworkMode = "container:other" };
        var facts = NamespaceFacts.Of(host, [new() { Type = "mount" }, new() { Type = "network", Path = "/x" }, new() { Type = "uts" }], view);
        facts.ShouldBe(
        [
            new() { Name = "mount", Value = "7 its own", Origin = "every container has one" },
            new() { Name = "pid", Value = "1 the host's", Origin = "--pid host" },
            new() { Name = "network", Value = "8 shared with other", Origin = "--network container:other" },
            new() { Name = "uts", Value = "2 the host's", Origin = "default", Asked = "its own", Changed = true },
            new() { Name = "user", Value = "3 the host's", Origin = "default" },
        ]);
        NamespaceFacts.Of(host, [new() { Type = "network", Path = "/x" }], view with { Neighbours = new Dictionary<string, string>(StringComparer.Ordinal) })[2].Value.ShouldBe("8 of a container that has ended");
    }

    [Fact]
    public void Devices_are_told_by_number_path_and_rule()
    {
        var host = new HostConfig { Devices = [new DeviceMapping { PathOnHost = "/dev/full", PathInContainer = "/dev/x" }] };
        RuntimeDeviceRule[] rules =
        [
            new() { Allow = false, Access = "rwm" }, new() { Allow = true, Type = "c", Major = 1, Minor = 3, Access = "rwm" }, new() { Allow = true, Type = "c", Major = 10, Minor = 200, Access = "rw" },
            new() { Allow = true, Type = "b", Major = 8, Minor = 0, Access = "r" },
        ];
        RuntimeDevice[] nodes = [new() { Path = "/dev/net/tun", Type = "c", Major = 10, Minor = 200 }];
        var facts = DeviceFacts.Of(host, rules, nodes, "c 1:3 rwm\nc 10:200 rwm\nc 5:5 r\n");
        facts.Select(static fact => (fact.Name, fact.Value, fact.Asked, fact.Origin)).ShouldBe(
        [
            ("c 1:3 /dev/null", "rwm", "", "docker's default"), ("c 10:200 /dev/net/tun", "rwm", "rw", "--device, as /dev/net/tun"),
            ("b 8:0", "refused", "r", "--device-cgroup-rule"), ("c 5:5", "r", "refused", "nobody asked for it"),
        ]);
        DeviceFacts.Of(host, rules, nodes, null)[^1].Name.ShouldBe("all others");
        DeviceFacts.Of(new HostConfig { Privileged = true }, [new() { Allow = true, Access = "rwm" }], [], "a *:* rwm").ShouldHaveSingleItem().ShouldBe(new Fact { Name = "all devices", Value = "rwm", Origin = "--privileged" });
    }

    [Fact]
    public void Capabilities_are_told_beside_dockers_default()
    {
        var status = "CapInh:\t0000000000000000\nCapPrm:\t0000000000003000\nCapEff:\t0000000000001000\nCapBnd:\t0000000000003000\nCapAmb:\t0000000000000000\n";
        var process = new RuntimeProcess
        {
            User = new() { Uid = 0 },
            Capabilities = new() { Bounding = ["CAP_NET_ADMIN", "CAP_NET_RAW"], Permitted = ["CAP_NET_ADMIN", "CAP_NET_RAW"], Effective = ["CAP_NET_ADMIN", "CAP_NET_RAW"], Inheritable = [], Ambient = [] },
        };
        var facts = CapabilityFacts.Of(new HostConfig { CapAdd = ["net_admin", "NET_RAW"], CapDrop = ["all"] }, process, new KernelView { Status = status });
        facts[0].ShouldBe(new Fact { Name = "bounding", Value = "2: net_admin net_raw", Origin = "docker's default, with what is added and dropped below" });
        facts[2].ShouldBe(new Fact { Name = "effective", Value = "1: net_admin", Asked = "2: net_admin net_raw", Changed = true, Origin = "as bounding: its user is root" });
        facts.ShouldContain(new Fact { Name = "added", Value = "net_admin", Origin = "--cap-add net_admin" });
        facts.ShouldContain(new Fact { Name = "dropped", Value = "mknod", Origin = "--cap-drop all" });
    }

    [Fact]
    public void The_process_is_told_by_status_limits_and_maps()
    {
        var view = new KernelView
        {
            Status = "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t0\t0\t0\nGroups:\t5 1000 \nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t2\n",
            OwnStatus = "NoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n",
            Limits = "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 unlimited            files     \nMax processes             9                    10                   processes \n",
            UidMap = "         0          0 4294967295\n",
            GidMap = "         0     100000      65536\n",
            OomScoreAdjustment = "17",
        };
        var record = new ContainerRecord
        {
            Path = "sh",
            Args = ["-c", "x"],
            Config = new() { Image = "app", User = "web" },
            HostConfig = new() { SecurityOpt = ["no-new-privileges"], Ulimits = [new Ulimit { Name = "nofile", Soft = 1024, Hard = -1 }] },
        };
        var process = new RuntimeProcess
        {
            User = new() { Uid = 1000, Gid = 1000, AdditionalGids = [1000, 5] },
            Rlimits = [new() { Type = "RLIMIT_NOFILE", Soft = 1024, Hard = ulong.MaxValue }],
            OomScoreAdj = 16,
        };
        var facts = new ProcessFacts(record, process, view);
        var identity = facts.Identity("web", 3);
        identity.ShouldContain(new Fact { Name = "user id", Value = "1000", Origin = "image app: USER web" });
        identity.ShouldContain(new Fact { Name = "group id", Value = "1000 0 0 0", Asked = "1000", Changed = true, Origin = "image app: USER web" });
        identity.ShouldContain(new Fact { Name = "groups", Value = "5 1000", Origin = "the image's /etc/group" });
        identity.ShouldContain(new Fact { Name = "uid map", Value = "0 0 4294967295", Origin = "no user namespace: ids are the host's" });
        identity.ShouldContain(new Fact { Name = "gid map", Value = "0 100000 65536", Origin = "ids inside, outside, count" });
        facts.Identity("root", 3).ShouldContain(new Fact { Name = "user id", Value = "1000", Origin = "--user web" });
        facts.Limits().ShouldBe(
        [
            new() { Name = "nproc", Value = "9:10", Origin = "inherited from who started it" }, new() { Name = "nofile", Value = "1024:unlimited", Origin = "--ulimit nofile" },
            new() { Name = "oom_score_adj", Value = "17", Asked = "16", Changed = true, Origin = "--oom-score-adj 16" },
        ]);
        facts.Security().ShouldBe(
        [
            new() { Name = "seccomp", Value = "on, filters: 2", Asked = "filters: 1", Changed = true, Origin = "docker's default policy" },
            new() { Name = "no_new_privs", Value = "1", Origin = "--security-opt no-new-privileges" },
            new() { Name = "label", Value = "none", Origin = "the host has no security module that labels" },
        ]);
    }

    [Fact]
    public void Kernel_parameters_are_compared_by_their_words()
    {
        var expected = new Dictionary<string, string>(StringComparer.Ordinal) { ["net.ipv4.ping_group_range"] = "0 5", ["kernel.msgmax"] = "9", ["net.x"] = "1" };
        var actual = new Dictionary<string, string>(StringComparer.Ordinal) { ["net.ipv4.ping_group_range"] = "0\t5\n", ["kernel.msgmax"] = "8\n" };
        var host = new HostConfig { Sysctls = new Dictionary<string, string>(StringComparer.Ordinal) { ["kernel.msgmax"] = "9" } };
        SysctlFacts.Of(host, expected, actual).Select(static fact => (fact.Value, fact.Asked, fact.Origin))
            .ShouldBe([("0 5", "", "docker's default"), ("8", "9", "--sysctl kernel.msgmax=9"), ("not readable", "1", "docker's default")]);
    }
}

namespace Sampan.Conformance.Cgroups;

/// <summary>config-linux.md, resources: what is asked for is what the kernel enforces (on a v1 or hybrid host).</summary>
public class ResourceTests : StatementTest
{
    [Theory]
    [InlineData("memory.limit", "memory", """{"memory":{"limit":33554432}}""", "memory.limit_in_bytes", "33554432")]
    [InlineData("memory.reservation", "memory", """{"memory":{"reservation":16777216}}""", "memory.soft_limit_in_bytes", "16777216")]
    [InlineData("memory.swap", "memory", """{"memory":{"limit":33554432,"swap":67108864}}""", "memory.memsw.limit_in_bytes", "67108864")]
    [InlineData("memory.swap of -1", "memory", """{"memory":{"limit":33554432,"swap":-1}}""", "memory.memsw.limit_in_bytes", "9223372036854771712")]
    [InlineData("memory.limit of -1", "memory", """{"memory":{"limit":-1}}""", "memory.limit_in_bytes", "9223372036854771712")]
    [InlineData("memory.kernelTCP", "memory", """{"memory":{"kernelTCP":4194304}}""", "memory.kmem.tcp.limit_in_bytes", "4194304")]
    [InlineData("memory.swappiness", "memory", """{"memory":{"swappiness":33}}""", "memory.swappiness", "33")]
    [InlineData("memory.swappiness of 0", "memory", """{"memory":{"swappiness":0}}""", "memory.swappiness", "0")]
    [InlineData("cpu.shares", "cpu", """{"cpu":{"shares":512}}""", "cpu.shares", "512")]
    [InlineData("cpu.quota", "cpu", """{"cpu":{"quota":50000}}""", "cpu.cfs_quota_us", "50000")]
    [InlineData("cpu.quota of -1", "cpu", """{"cpu":{"quota":-1}}""", "cpu.cfs_quota_us", "-1")]
    [InlineData("cpu.period", "cpu", """{"cpu":{"quota":20000,"period":50000}}""", "cpu.cfs_period_us", "50000")]
    [InlineData("cpu.burst", "cpu", """{"cpu":{"quota":50000,"burst":10000}}""", "cpu.cfs_burst_us", "10000")]
    [InlineData("cpu.idle", "cpu", """{"cpu":{"idle":1}}""", "cpu.idle", "1")]
    [InlineData("cpu.cpus", "cpuset", """{"cpu":{"cpus":"0"}}""", "cpuset.cpus", "0")]
    [InlineData("cpu.mems", "cpuset", """{"cpu":{"cpus":"0","mems":"0"}}""", "cpuset.mems", "0")]
    [InlineData("pids.limit", "pids", """{"pids":{"limit":33}}""", "pids.max", "33")]
    [InlineData("pids.limit of -1", "pids", """{"pids":{"limit":-1}}""", "pids.max", "max")]
    [Statement("config-linux.md#resources", "{0} is set")]
    [Differs("runc 1.1.5", "does not know it", Rows = ["cpu.burst", "cpu.idle"])]
    [Differs("runc 1.1.5", "ignores it", Rows = ["memory.kernelTCP"])]
    [Differs("sampan-runtime", "warns that it is ignored, as later runc does", Rows = ["memory.kernelTCP"])]
    [Differs("crun 1.8.1", "does not know it", Rows = ["cpu.burst"])]
    [Differs("crun 1.8.1", "writes -1 as a number without a sign, which the kernel refuses", Rows = ["cpu.quota of -1", "pids.limit of -1"])]
    public void A_resource_is_set(string name, string controller, string resources, string file, string value)
    {
        NeedsController(controller);
        Assert.SkipUnless(File.Exists($"/sys/fs/cgroup/{controller}/{file}") || file is "pids.max" or "cpu.idle", $"this kernel has no {file} for {name}");
        ControlFile(Create(With(resources)), controller, file).ShouldBe(value);
    }

    [Fact]
    [Statement("config-linux.md#memory", "disableOOMKiller disables it for the group")]
    public void The_oom_killer_is_disabled()
    {
        NeedsController("memory");
        ControlFile(Create(With("""{"memory":{"limit":33554432,"disableOOMKiller":true}}""")), "memory", "memory.oom_control").ShouldContain("oom_kill_disable 1");
    }

    [Theory]
    [InlineData("throttleReadBpsDevice", "blkio.throttle.read_bps_device")]
    [InlineData("throttleWriteBpsDevice", "blkio.throttle.write_bps_device")]
    [InlineData("throttleReadIOPSDevice", "blkio.throttle.read_iops_device")]
    [InlineData("throttleWriteIOPSDevice", "blkio.throttle.write_iops_device")]
    [Statement("config-linux.md#block-io", "blockIO.{0} is set")]
    public void A_throttle_is_set(string property, string file)
    {
        NeedsController("blkio");
        var device = Directory.GetDirectories("/sys/block").Select(folder => File.ReadAllText(folder + "/dev").Trim()).FirstOrDefault();
        Assert.SkipWhen(device is null, "this host has no block device");
        var numbers = device!.Split(':');
        var resources = $$$"""{"blockIO":{"{{{property}}}":[{"major":{{{numbers[0]}}},"minor":{{{numbers[1]}}},"rate":12345}]}}""";
        ControlFile(Create(With(resources)), "blkio", file).ShouldBe($"{device} 12345");
    }

    [Fact]
    [Statement("config-linux.md#block-io", "blockIO.weight is set")]
    [Differs("crun 1.8.1", "knows blkio.weight alone")]
    public void A_weight_is_set()
    {
        NeedsController("blkio");
        var container = Create(With("""{"blockIO":{"weight":500}}"""));
        var folder = ControlFolder(container, "blkio");
        File.ReadAllText(File.Exists(folder + "/blkio.weight") ? folder + "/blkio.weight" : folder + "/blkio.bfq.weight").ShouldContain("500");
    }

    [Fact]
    [Statement("config-linux.md#huge-page-limits", "hugepageLimits are set")]
    public void Huge_pages_are_limited()
    {
        NeedsController("hugetlb");
        var container = Create(With("""{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}"""));
        var folder = ControlFolder(container, "hugetlb");
        ((string[])["hugetlb.2MB.limit_in_bytes", "hugetlb.2MB.rsvd.limit_in_bytes"]).Select(file => File.ReadAllText($"{folder}/{file}").Trim()).ShouldContain("4194304");
    }

    [Fact]
    [Statement("config-linux.md#network", "network.classID is set")]
    public void The_network_class_is_set()
    {
        NeedsController("net_cls");
        ControlFile(Create(With("""{"network":{"classID":1048577}}""")), "net_cls", "net_cls.classid").ShouldBe("1048577");
    }

    [Fact]
    [Statement("config-linux.md#network", "network.priorities are set")]
    public void The_network_priorities_are_set()
    {
        NeedsController("net_prio");
        ControlFile(Create(With("""{"network":{"priorities":[{"name":"lo","priority":3}]}}""")), "net_prio", "net_prio.ifpriomap").ShouldContain("lo 3");
    }

    [Theory]
    [InlineData("net_cls", """{"network":{"classID":1048577}}""")]
    [InlineData("hugetlb", """{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}""")]
    [InlineData("rdma", """{"rdma":{"mlx5_1":{"hcaHandles":3}}}""")]
    [Statement("config.md#valid-values", "a limit of a controller the host has not ({0}) is an error")]
    [Differs("crun 1.8.1", "leaves control groups behind", Rows = ["net_cls", "rdma"])]
    public void A_missing_controller_is_an_error(string controller, string resources)
    {
        Assert.SkipWhen(Directory.Exists("/sys/fs/cgroup/" + controller), "this host has it");
        const string Unified = "/sys/fs/cgroup/unified/cgroup.controllers";
        Assert.SkipWhen(File.Exists(Unified) && File.ReadAllText(Unified).Split(' ', '\n').Contains(controller), "this host has it");
        ShouldBeRefused(With(resources));
    }

    [Fact]
    [Statement("config-linux.md#huge-page-limits", "a page size the kernel has not is an error")]
    [Differs("crun 1.8.1", "refuses it and leaves control groups behind")]
    public void An_unknown_page_size_is_an_error() => ShouldBeRefused(With("""{"hugepageLimits":[{"pageSize":"3MB","limit":4194304}]}"""));

    [Fact]
    [Statement("config-linux.md#unified", "unified where there is no such controller in cgroup v2 is an error")]
    [Differs("crun 1.8.1", "refuses it and leaves control groups behind")]
    public void Unified_needs_the_controller() => ShouldBeRefused(With("""{"unified":{"nosuch.max":"1"}}"""));

    [Fact]
    [Statement("config-linux.md#cpu", "a quota the kernel refuses is an error")]
    [Differs("crun 1.8.1", "refuses it and leaves control groups behind")]
    public void A_refused_quota_is_an_error() => ShouldBeRefused(With("""{"cpu":{"quota":1}}"""));

    [Fact]
    [Statement("config-linux.md#memory", "swap below limit is an error")]
    [Differs("crun 1.8.1", "refuses it and leaves control groups behind")]
    public void Swap_includes_memory() => ShouldBeRefused(With("""{"memory":{"limit":67108864,"swap":33554432}}"""));

    [Fact]
    [Statement("config-linux.md#memory", "a swappiness above 100 is an error")]
    [Differs("crun 1.8.1", "refuses it and leaves control groups behind")]
    public void Swappiness_is_a_percentage() => ShouldBeRefused(With("""{"memory":{"swappiness":300}}"""));

    [Fact]
    [Statement("config-linux.md#intelrdt", "intelRdt without a mounted resctrl is an error")]
    [Differs("crun 1.8.1", "ignores intelRdt")]
    public void Resctrl_is_needed()
    {
        Assert.SkipWhen(File.Exists("/sys/fs/resctrl/schemata"), "this host has it");
        ShouldBeRefused(NewBundle().With(b => b.Linux["intelRdt"] = Json.Parse("""{"closID":"group","l3CacheSchema":"L3:0=f"}""")));
    }

    [Fact]
    [Statement("config-linux.md#memory", "a program that takes more than the limit is killed")]
    public void The_memory_limit_is_enforced()
    {
        NeedsController("memory");
        Run(With("""{"memory":{"limit":8388608,"swap":8388608}}""").Script("exec head -c 64000000 /dev/zero | tail -c 64000000 | wc -c")).Text.ShouldBe("0");
    }

    [Fact]
    [Statement("config-linux.md#pids", "a program cannot start more processes than the limit")]
    public void The_process_limit_is_enforced()
    {
        NeedsController("pids");
        Run(With("""{"pids":{"limit":4}}""").Script("for i in 1 2 3 4 5 6 7 8; do sleep 100 & done; echo all started")).Output.ShouldNotContain("all started");
    }

    [Fact]
    [Statement("config-linux.md#pids", "a limit of 0 is one in a document of 1.3: no further process can be started (since 1.3)")]
    [Differs("runc 1.1.5", "takes 0 for no limit, as versions before 1.3 did")]
    [Differs("crun 1.8.1", "does not know 1.3")]
    public void No_process_is_a_limit()
    {
        NeedsController("pids");
        var output = Run(With("""{"pids":{"limit":0}}""").With(b => b.Config["ociVersion"] = "1.3.0").Script("echo alone; (true); echo another")).Output;
        output.ShouldContain("alone");
        output.ShouldNotContain("another");
    }

    private Bundle With(string resources)
    {
        var bundle = Waiting();
        foreach (var (name, value) in Json.Parse(resources).AsObject().ToList())
        {
            bundle.Resources[name] = value!.DeepClone();
        }

        return bundle;
    }
}

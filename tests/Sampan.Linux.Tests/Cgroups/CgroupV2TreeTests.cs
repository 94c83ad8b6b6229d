using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

/// <summary>The unified tree's writes against an ordinary directory with the same file names: this kernel has its controllers on version 1.</summary>
public sealed class CgroupV2TreeTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sampan-cgroup-").FullName;

    public CgroupV2TreeTests()
    {
        File.WriteAllText(Path.Join(_root, "cgroup.controllers"), "cpuset cpu io memory pids\n");
        File.WriteAllText(Path.Join(_root, "cgroup.subtree_control"), "");
        Directory.CreateDirectory(Path.Join(_root, "sampan", "one"));
        File.WriteAllText(Path.Join(_root, "sampan", "cgroup.subtree_control"), "");
    }

    private string Leaf => Path.Join(_root, "sampan", "one");

    private CgroupV2Hierarchy Hierarchy => new(new CgroupMount(_root, [], true));

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void LimitsAreWrittenToTheirFiles()
    {
        Touch("memory.max", "pids.max", "cpu.weight");
        Hierarchy.Open("/sampan/one").Apply(new() { Memory = 1 << 30, Pids = 7, CpuShares = 1024 });
        Read("memory.max").ShouldBe("1073741824");
        Read("pids.max").ShouldBe("7");
        Read("cpu.weight").ShouldBe("100");
    }

    [Fact]
    public void TheOtherSchedulersFileIsTakenWhereTheFirstIsNotAndOptionalOnesAreLeftOut()
    {
        Touch("io.weight", "hugetlb.2MB.max");
        Hierarchy.Open("/sampan/one").Apply(new() { BlockWeight = 500, HugePages = [new("2MB", 7)] });
        Read("io.weight").ShouldBe("4950");
        Read("hugetlb.2MB.max").ShouldBe("7");
        File.Exists(Path.Join(Leaf, "io.bfq.weight")).ShouldBeFalse();
        Touch("io.bfq.weight", "hugetlb.2MB.rsvd.max");
        Hierarchy.Open("/sampan/one").Apply(new() { BlockWeight = 300, HugePages = [new("2MB", 8)] });
        Read("io.bfq.weight").ShouldBe("300");
        Read("io.weight").ShouldBe("4950");
        Read("hugetlb.2MB.rsvd.max").ShouldBe("8");
    }

    [Fact]
    public void AMemoryLimitBelowUsageIsRefusedWhenAskedToLookFirst()
    {
        Touch("memory.max");
        File.WriteAllText(Path.Join(Leaf, "memory.current"), "5000\n");
        Should.Throw<SampanException>(() => Hierarchy.Open("/sampan/one").Apply(new() { Memory = 4096, CheckMemoryFirst = true }))
            .Message.ShouldBe("rejecting memory limit 4096 < usage 5000");
        Read("memory.max").ShouldBe("");
        Hierarchy.Open("/sampan/one").Apply(new() { Memory = 4096 });
        Read("memory.max").ShouldBe("4096");
    }

    [Fact]
    public void AUnifiedSettingOfAMissingControllerIsRefused() =>
        Should.Throw<SampanException>(() => Hierarchy.Create("/sampan/two", new() { Unified = [new("misc.max", "1")] }))
            .Message.ShouldContain("no misc cgroup controller");

    [Fact]
    public void AMissingFileIsNamed()
    {
        Touch("memory.max");
        var error = Should.Throw<SampanException>(() => Hierarchy.Open("/sampan/one").Apply(new() { Memory = 1 << 30, MemorySwap = 1 << 30 }));
        error.Kind.ShouldBe(ErrorKind.Unavailable);
        error.Message.ShouldContain("memory.swap.max");
        error.Message.ShouldContain("swapaccount=1");
    }

    [Fact]
    public void AMissingControllerIsNamedAndNothingIsMade()
    {
        var error = Should.Throw<SampanException>(() => Hierarchy.Create("/sampan/two", new() { HugePages = [new("2MB", 1)] }));
        error.Kind.ShouldBe(ErrorKind.Unavailable);
        error.Message.ShouldContain("no hugetlb cgroup controller");
        Directory.Exists(Path.Join(_root, "sampan", "two")).ShouldBeFalse();
    }

    [Fact]
    public void ControllersAreEnabledFromTheRootToTheParent()
    {
        Hierarchy.Enable("/sampan/one", "cpu memory hugetlb");
        File.ReadAllText(Path.Join(_root, "cgroup.subtree_control")).ShouldEndWith("+hugetlb");
        File.ReadAllText(Path.Join(_root, "sampan", "cgroup.subtree_control")).ShouldEndWith("+hugetlb");
        File.Exists(Path.Join(Leaf, "cgroup.subtree_control")).ShouldBeFalse();
    }

    [Fact]
    public void CountersAreRead()
    {
        File.WriteAllText(Path.Join(Leaf, "memory.events"), "low 0\noom 3\noom_kill 2\n");
        File.WriteAllText(Path.Join(Leaf, "memory.current"), "5000\n");
        File.WriteAllText(Path.Join(Leaf, "memory.stat"), "anon 1\ninactive_file 1000\n");
        File.WriteAllText(Path.Join(Leaf, "cpu.stat"), "usage_usec 12\n");
        File.WriteAllText(Path.Join(Leaf, "pids.current"), "4\n");
        var group = Hierarchy.Open("/sampan/one");
        group.OomKills.ShouldBe(2);
        group.OomKilled.ShouldBeTrue();
        group.Usage.ShouldBe(new(4000, 12_000, 4));
        group.CloneDirectory.ShouldBe(Leaf);
        group.JoinFiles.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sampan")]
    [InlineData("/")]
    [InlineData("/sampan/../x")]
    [InlineData("/sampan//x")]
    public void PathsThatLeaveTheTreeAreRefused(string path) =>
        Should.Throw<SampanException>(() => Hierarchy.Create(path, CgroupLimits.None)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    private void Touch(params string[] names)
    {
        foreach (var name in names)
        {
            File.WriteAllText(Path.Join(Leaf, name), "");
        }
    }

    private string Read(string name) => File.ReadAllText(Path.Join(Leaf, name));
}

using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;
using Sampan.Runtime.Statistics;

namespace Sampan.Runtime.Tests.Statistics;

public sealed class UnifiedStatisticsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sampan-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void Version2CountersHaveVersion1Names()
    {
        Write("cpu.stat", "usage_usec 30\nuser_usec 10\nsystem_usec 20\nnr_periods 5\nnr_throttled 4\nthrottled_usec 3\n");
        Write("memory.stat", "file 7\nanon 8\n");
        Write("memory.current", "100\n");
        Write("memory.max", "1000\n");
        Write("memory.peak", "200\n");
        Write("memory.swap.current", "50\n");
        Write("memory.swap.max", "max\n");
        Write("pids.current", "3\n");
        Write("pids.max", "max\n");
        Write("io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n");
        EventJson.ContainerStatistics.ToText(StatisticsReader.Read(new CgroupV2Hierarchy(new(_root, [], true)).Open("/one"))).ShouldBe(
            """
            {"cpu":{"usage":{"total":30000,"kernel":20000,"user":10000},"throttling":{"periods":5,"throttledPeriods":4,"throttledTime":3000}},
            "cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,
            "memory_pressure":0,"sched_load_balance":0,"sched_relax_domain_level":0},"memory":{"cache":7,
            "usage":{"limit":1000,"usage":100,"max":200,"failcnt":0},"swap":{"limit":18446744073709551615,"usage":150,"failcnt":0},
            "kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0},"raw":{"anon":8,"file":7}},"pids":{"current":3},
            "blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":1},{"major":8,"op":"Write","value":2}],
            "ioServicedRecursive":[{"major":8,"op":"Read","value":3},{"major":8,"op":"Write","value":4}]},
            "hugetlb":{},"intel_rdt":{},"network_interfaces":null}
            """.ReplaceLineEndings(""));
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.Join(_root, "one"));
        File.WriteAllText(Path.Join(_root, "one", file), text);
    }

    [Theory]
    [InlineData("hugepages-2048kB", "2MB")]
    [InlineData("hugepages-1048576kB", "1GB")]
    [InlineData("hugepages-64kB", "64KB")]
    public void HugePagesHaveTheControllersNames(string directory, string expected) => HugepageSizes.Name(directory).ShouldBe(expected);

    [Theory]
    [InlineData("0-2,5", new ushort[] { 0, 1, 2, 5 })]
    [InlineData("3", new ushort[] { 3 })]
    [InlineData("", null)]
    public void ListsAreExpanded(string text, ushort[]? expected) => CounterText.Set(text).ShouldBe(expected);

    [Fact]
    public void AnEventWithoutDataHasNone() =>
        EventJson.ContainerEvent.ToText(new ContainerEvent { Type = "oom", Id = "one" }).ShouldBe("""{"type":"oom","id":"one"}""");

    [Fact]
    public void AGroupThatIsGoneHasZeros() =>
        EventJson.ContainerStatistics.ToText(StatisticsReader.Read(CgroupHierarchy.Detect().Open($"/sampan-test-{Guid.NewGuid():N}")))
            .ShouldContain("\"blkio\":{},\"hugetlb\":{},\"intel_rdt\":{},\"network_interfaces\":null");
}

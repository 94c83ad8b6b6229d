using System.Text.Json.Nodes;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Events;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Resources;
using Sampan.Runtime.Statistics;

namespace Sampan.Runtime.Tests.Statistics;

/// <summary>The same container seen by runc and by us.</summary>
public sealed class RuncStatisticsTests
{
    public RuncStatisticsTests()
    {
        Assert.SkipUnless(RuncContainer.IsPossible, "install runc and busybox-static to compare with it");
        Assert.SkipWhen(CgroupHierarchy.Detect().Version == CgroupVersion.V2, "runc 1.1 is compared on version 1");
    }

    [Fact]
    public void StatisticsAreRuncsKeyByKeyAndByteByByte()
    {
        using var container = new RuncContainer(
            """{"memory":{"limit":67108864},"pids":{"limit":50},"cpu":{"quota":20000,"period":100000}}""",
            "/bin/busybox", "sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exec /bin/busybox sleep 1000");
        var cgroup = CgroupHierarchy.Detect().Open("/" + container.Id);
        SpinWait.SpinUntil(() => cgroup.Pids() is [var pid] && File.ReadAllText($"/proc/{pid}/cmdline").Contains("sleep\01000"), 10_000).ShouldBeTrue();
        container.Run("pause", container.Id);

        // A frozen container's counters stand still but for what the kernel settles late (per-CPU memory stocks), so a few looks are allowed.
        var theirs = "";
        var ours = "-";
        for (var look = 0; look < 20 && ours != theirs; look++)
        {
            theirs = container.Run("events", "--stats", container.Id).TrimEnd();
            ours = EventJson.ContainerEvent.ToText(
                new ContainerEvent { Type = "stats", Id = container.Id, Data = StatisticsReader.Read(cgroup) });
        }

        Keys(JsonNode.Parse(ours)!, "").ShouldBe(Keys(JsonNode.Parse(theirs)!, ""));
        ours.ShouldBe(theirs);
        container.Run("resume", container.Id);
    }

    [Fact]
    public void AnUpdateSetsWhatRuncsUpdateSets()
    {
        const string first = """{"memory":{"limit":67108864,"swap":67108864},"cpu":{"shares":512,"quota":20000,"period":100000},"pids":{"limit":50}}""";
        const string change = """{"memory":{"limit":134217728,"swap":268435456,"reservation":1048576},"cpu":{"shares":300,"period":50000,"cpus":"0"},"pids":{"limit":9}}""";
        using var theirs = new RuncContainer(first, "/bin/busybox", "sleep", "1000");
        using var ours = new RuncContainer(first, "/bin/busybox", "sleep", "1000");
        var file = Path.GetTempFileName();
        File.WriteAllText(file, change);
        theirs.Run("update", "--resources", file, theirs.Id);
        File.Delete(file);
        ResourceUpdate.Apply(CgroupHierarchy.Detect().Open("/" + ours.Id), new() { Resources = Parse(first) }, Parse(change));
        Limits(ours.Id).ShouldBe(Limits(theirs.Id));
        Limits(ours.Id).ShouldContain("memory.limit_in_bytes=134217728");
    }

    private static RuntimeResources Parse(string json) => RuntimeJson.RuntimeResources.Parse(json);

    private static IEnumerable<string> Limits(string id) =>
        ((string[])
        [
            "memory/memory.limit_in_bytes", "memory/memory.memsw.limit_in_bytes", "memory/memory.soft_limit_in_bytes", "cpu/cpu.shares",
            "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "cpuset/cpuset.cpus", "pids/pids.max", "devices/devices.list",
        ]).Where(file => File.Exists($"/sys/fs/cgroup/{Path.GetDirectoryName(file)}/{id}/{Path.GetFileName(file)}"))
        .Select(file => $"{Path.GetFileName(file)}={File.ReadAllText($"/sys/fs/cgroup/{Path.GetDirectoryName(file)}/{id}/{Path.GetFileName(file)}").Trim()}");

    private static IEnumerable<string> Keys(JsonNode? node, string path) =>
        node is JsonObject members ? members.SelectMany(member => Keys(member.Value, $"{path}/{member.Key}")) : [path];
}

using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Every flag of update, read back from the control group (runc-update(8)). On version 1; the machine with version 2 has tests of its own.</summary>
public sealed class UpdateFlagTests(UpdateFlagTests.Fixture fixture) : IClassFixture<UpdateFlagTests.Fixture>
{
    [Theory]
    [InlineData("--memory", "64m", "memory", "memory.limit_in_bytes", "67108864")]
    [InlineData("--memory-reservation", "32m", "memory", "memory.soft_limit_in_bytes", "33554432")]
    [InlineData("--memory-swap", "128m", "memory", "memory.memsw.limit_in_bytes", "134217728")]
    [InlineData("--pids-limit", "33", "pids", "pids.max", "33")]
    [InlineData("--cpu-share", "512", "cpu", "cpu.shares", "512")]
    [InlineData("--cpu-period", "50000", "cpu", "cpu.cfs_period_us", "50000")]
    [InlineData("--cpu-quota", "20000", "cpu", "cpu.cfs_quota_us", "20000")]
    [InlineData("--cpu-burst", "10000", "cpu", "cpu.cfs_burst_us", "10000")]
    [InlineData("--cpu-idle", "1", "cpu", "cpu.idle", "1")]
    [InlineData("--cpu-rt-period", "900000", "cpu", "cpu.rt_period_us", "900000")]
    [InlineData("--cpu-rt-runtime", "0", "cpu", "cpu.rt_runtime_us", "0")]
    [InlineData("--cpuset-cpus", "0", "cpuset", "cpuset.cpus", "0")]
    [InlineData("--cpuset-mems", "0", "cpuset", "cpuset.mems", "0")]
    [InlineData("--blkio-weight", "300", "blkio", "blkio.bfq.weight", "300")]
    public void A_flag_is_in_its_file(string flag, string value, string controller, string file, string expected)
    {
        var path = $"/sys/fs/cgroup/{controller}/{Fixture.Group}/{file}";
        Assert.SkipWhen(BundleHost.IsPeer && flag is ("--cpu-burst" or "--cpu-idle"), $"this runc has no {flag}");
        Assert.SkipUnless(Directory.Exists($"/sys/fs/cgroup/{controller}"), $"this host has no version 1 tree of {controller}");
        if (!File.Exists(path))
        {
            // What this kernel lacks is an error that says so, and leaves the container as it is.
            fixture.Bundles.Runtime("update", flag, value, "box").ShouldFail(1);
            return;
        }

        // Limits that bound one another.
        (string, string)[] before = flag switch
        {
            "--memory-swap" => [("--memory", "64m")],
            "--cpu-burst" => [("--cpu-quota", "20000")],
            _ => [],
        };
        foreach (var (name, first) in before)
        {
            fixture.Bundles.Runtime("update", name, first, "box").ShouldSucceed();
        }

        fixture.Bundles.Runtime("update", flag, value, "box").ShouldSucceed();
        File.ReadAllText(path).Trim().ShouldBe(expected);
        if (flag == "--cpu-idle")
        {
            // An idle group takes no shares.
            fixture.Bundles.Runtime("update", flag, "0", "box").ShouldSucceed();
            File.ReadAllText(path).Trim().ShouldBe("0");
        }
    }

    [Fact]
    public void Swap_without_end()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/memory"), "this host has no version 1 tree of memory");
        fixture.Bundles.Runtime("update", "--memory-swap", "-1", "box").ShouldSucceed();
        long.Parse(File.ReadAllText($"/sys/fs/cgroup/memory/{Fixture.Group}/memory.memsw.limit_in_bytes").Trim()).ShouldBeGreaterThan(1L << 60);
    }

    // config-linux.md, "PIDs": a limit of 0 is one since 1.3; engines of the time before write it for "unlimited".
    [Theory]
    [InlineData("1.2.0", "max", "5")]
    [InlineData("1.3.0-rc.1", "1", "1")]
    public void No_tasks_at_all_mean_what_the_documents_version_says(string version, string created, string updated)
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/pids"), "this host has no version 1 tree of pids");
        Assert.SkipWhen(BundleHost.IsPeer, "this runc knows no 1.3");
        var id = "none-" + version;
        fixture.Bundles.Sleeping(id, config =>
        {
            config["ociVersion"] = version;
            config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 0 };
        });
        var path = $"/sys/fs/cgroup/pids/sampan-oci-{Environment.ProcessId}/{id}/pids.max";
        File.ReadAllText(path).Trim().ShouldBe(created);
        fixture.Bundles.Runtime("update", "--pids-limit", "5", id).ShouldSucceed();
        File.ReadAllText(path).Trim().ShouldBe("5");
        fixture.Bundles.Runtime("update", "--pids-limit", "0", id).ShouldSucceed();
        File.ReadAllText(path).Trim().ShouldBe(updated);
    }

    [Theory]
    [InlineData("--l3-cache-schema", "L3:0=f", "l3 cache schema is not enabled")]
    [InlineData("--mem-bw-schema", "MB:0=50", "memory bandwidth schema is not enabled")]
    public void What_the_processor_lacks_is_named(string flag, string value, string words)
    {
        Assert.SkipWhen(Directory.Exists("/sys/fs/resctrl/info"), "this processor has it");
        fixture.Bundles.Runtime("update", flag, value, "box").ShouldFailInOneLine(1, words);
    }

    /// <summary>One container for all of them.</summary>
    public sealed class Fixture : IDisposable
    {
        public Fixture() => Bundles.Sleeping("box");

        public static string Group => $"sampan-oci-{Environment.ProcessId}/box";

        public BundleHost Bundles { get; } = new();

        public void Dispose() => Bundles.Dispose();
    }
}

using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>What the specification says of the process, by what the kernel shows of it (config.md, "Process").</summary>
public sealed class ProcessSettingTests(BundleHost host) : IClassFixture<BundleHost>
{
    private string Run(string id, string script, Action<JsonNode> change) => host.Runtime("run", "--bundle", host.Bundle(id, script, change), id).ShouldSucceed();

    private CommandResult Refused(string id, Action<JsonNode> change) => host.Runtime("run", "--bundle", host.Bundle(id, "true", change), id);

    private static void AddCapability(JsonNode config, string name)
    {
        foreach (var set in (string[])["bounding", "effective", "permitted"])
        {
            config["process"]!["capabilities"]![set]!.AsArray().Add(name);
        }
    }

    [Fact]
    public void Scheduling_policy_and_nice_value() =>
        Run("batch", "cut -d' ' -f19,41 /proc/self/stat", config => config["process"]!["scheduler"] = new JsonObject { ["policy"] = "SCHED_BATCH", ["nice"] = 5 }).ShouldBe("5 3");

    [Fact]
    public void Input_and_output_priority() =>
        Run("ionice", "ionice -p 1", config => config["process"]!["ioPriority"] = new JsonObject { ["class"] = "IOPRIO_CLASS_BE", ["priority"] = 6 }).ShouldBe("best-effort: prio 6");

    [Fact]
    public void Personality() =>
        Run("linux32", "uname -m", config => config["linux"]!["personality"] = new JsonObject { ["domain"] = "LINUX32" }).ShouldNotContain("64");

    [Fact]
    public void Memory_policy() =>
        Run("numa", "head -1 /proc/self/numa_maps", config => config["linux"]!["memoryPolicy"] = new JsonObject { ["mode"] = "MPOL_BIND", ["nodes"] = "0" }).ShouldContain(" bind:0 ");

    [Fact]
    public void An_execs_processors()
    {
        var bundle = host.Bundle("affinity", "exec sleep 1000 </dev/null >/dev/null 2>&1", static _ => { });
        host.Runtime("run", "--detach", "--bundle", bundle, "affinity").ShouldSucceed();
        var process = JsonNode.Parse(File.ReadAllText(Path.Combine(bundle, "config.json")))!["process"]!;
        process["args"] = new JsonArray("/bin/sh", "-c", "grep Cpus_allowed_list /proc/self/status | cut -f2");
        process["execCPUAffinity"] = new JsonObject { ["initial"] = "0", ["final"] = "0" };
        var file = Path.Combine(bundle, "process.json");
        File.WriteAllText(file, process.ToJsonString());
        host.Runtime("exec", "--process", file, "affinity").ShouldSucceed().ShouldBe("0");
    }

    [Fact]
    public void Ambient_capabilities_reach_a_users_process() => Run("ambient", "grep -E 'Cap(Eff|Amb)' /proc/self/status | cut -f2", config =>
    {
        config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        config["process"]!["capabilities"]!["inheritable"] = new JsonArray("CAP_KILL");
        config["process"]!["capabilities"]!["ambient"] = new JsonArray("CAP_KILL");
    }).ShouldBe("0000000000000020\n0000000000000020");

    [Fact]
    public void Unknown_capabilities_are_warned_of()
    {
        var bundle = host.Bundle("future", "echo ran", config => AddCapability(config, "CAP_FUTURE"));
        var result = host.Runtime("run", "--bundle", bundle, "future");
        result.ShouldSucceed().ShouldBe("ran");
        result.Error.ShouldContain("level=warning");
        result.Error.ShouldContain("CAP_FUTURE");
    }

    [Fact]
    public void Kernel_parameters_of_its_namespaces_only()
    {
        Run("sysctl", "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmax", config =>
            config["linux"]!["sysctl"] = new JsonObject { ["net/ipv4/ip_forward"] = "1", ["kernel.shmmax"] = "12345678" }).ShouldBe("1\n12345678");
        Refused("sysctl-host", config => config["linux"]!["sysctl"] = new JsonObject { ["vm.swappiness"] = "1" }).ShouldFail(1, "not in a separate kernel namespace");
    }

    [Fact]
    public void Devices_of_every_kind() => Run("devices", "stat -c '%F %a %u %g' /dev/fifo /dev/deep/er", config =>
    {
        config["linux"]!["devices"] = new JsonArray(
            new JsonObject { ["path"] = "/dev/fifo", ["type"] = "p", ["fileMode"] = 0x180, ["uid"] = 7, ["gid"] = 8 },
            new JsonObject { ["path"] = "/dev/deep/er", ["type"] = "u", ["major"] = 1, ["minor"] = 3 },
            new JsonObject { ["path"] = "/dev/pts/ptmx", ["type"] = "c", ["major"] = 1, ["minor"] = 3 });
    }).ShouldBe("fifo 600 7 8\ncharacter special file 666 0 0");

    [Fact]
    public void What_the_host_has_not_is_told()
    {
        Assert.SkipWhen(Directory.Exists("/sys/module/apparmor") || Directory.Exists("/sys/fs/selinux") || Directory.Exists("/sys/fs/resctrl/info"), "this host has one of them");
        Refused("apparmor", config => config["process"]!["apparmorProfile"] = "p").ShouldFail(1, "apparmor not supported");
        Refused("selinux", config => config["process"]!["selinuxLabel"] = "l").ShouldFail(1, "selinux is disabled");
        Refused("label", config => config["linux"]!["mountLabel"] = "l").ShouldFail(1, "selinux is disabled");
        Refused("rdt", config => config["linux"]!["intelRdt"] = new JsonObject { ["closID"] = "c" }).ShouldFail(1, "/sys/fs/resctrl");
    }
}

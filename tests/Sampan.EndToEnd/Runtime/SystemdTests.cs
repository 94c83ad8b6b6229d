using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Control groups made by systemd (runc(8), --systemd-cgroup), by what a real one says of its units.</summary>
public sealed class SystemdTests(BundleHost host) : IClassFixture<BundleHost>
{
    private CommandResult Runtime(PrivateSystemd systemd, params string[] arguments) =>
        systemd.Run(BundleHost.Binary, ["--root", Path.Combine(host.Folder, "state"), .. arguments]);

    private string Sleeping(string id, string? path, Action<JsonNode>? change = null) => host.Bundle(id, "exec sleep 1000 </dev/null >/dev/null 2>&1", config =>
    {
        config["linux"]!.AsObject().Remove("cgroupsPath");
        if (path is not null)
        {
            config["linux"]!["cgroupsPath"] = path;
        }

        change?.Invoke(config);
    });

    [Fact]
    public void A_container_is_a_scope_all_its_life()
    {
        Assert.SkipWhen(PrivateSystemd.Missing is not null, PrivateSystemd.Missing ?? "");
        using var systemd = new PrivateSystemd();
        var bundle = Sleeping("scope", "sampan-test.slice:oci:scope", config =>
        {
            config["annotations"] = new JsonObject { ["org.systemd.property.CollectMode"] = "'inactive-or-failed'", ["org.systemd.property.TimeoutStopSec"] = "uint64 7" };
            config["linux"]!["resources"] = JsonNode.Parse("""
                {"memory":{"limit":67108864},"pids":{"limit":20},"cpu":{"quota":50000,"period":100000,"shares":512},"devices":[{"allow":false,"access":"rwm"}]}
                """);
        });

        // What waits to be started holds the streams it was created with.
        systemd.Run("/bin/bash", "-c", $"exec {BundleHost.Binary} --root {host.Folder}/state --systemd-cgroup create --bundle {bundle} scope </dev/null >/dev/null 2>&1").ShouldSucceed();
        string Show(string property) => systemd.Show("oci-scope.scope", property);
        Show("ActiveState").ShouldBe("active");
        Show("Slice").ShouldBe("sampan-test.slice");
        Show("Delegate").ShouldBe("yes");
        Show("CollectMode").ShouldBe("inactive-or-failed");
        Show("TimeoutStopUSec").ShouldBe("7s");
        Show("MemoryLimit").ShouldBe("67108864");
        Show("CPUShares").ShouldBe("512");
        Show("CPUQuotaPerSecUSec").ShouldBe("500ms");
        Show("DevicePolicy").ShouldBe("strict");

        // The process that held the scope open has gone, and its place among the tasks too.
        Show("TasksMax").ShouldBe("20");
        Runtime(systemd, "ps", "--format", "json", "scope").ShouldSucceed().Split(',').Length.ShouldBe(1);

        // From here on without the flag: the container knows.
        Runtime(systemd, "start", "scope").ShouldSucceed();
        var pid = JsonNode.Parse(Runtime(systemd, "state", "scope").ShouldSucceed())!["pid"]!.GetValue<int>();
        var group = File.ReadLines($"/proc/{pid}/cgroup").Single(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        group.ShouldEndWith("/sampan.slice/sampan-test.slice/oci-scope.scope");
        File.ReadAllText($"/sys/fs/cgroup/memory{group}/memory.limit_in_bytes").ShouldBe("67108864\n");
        Runtime(systemd, "exec", "scope", "cat", "/proc/self/cgroup").ShouldSucceed().ShouldContain("0::/");
        Runtime(systemd, "update", "--pids-limit", "33", "--memory", "96m", "scope").ShouldSucceed();
        (Show("TasksMax"), Show("MemoryLimit")).ShouldBe(("33", "100663296"));
        File.ReadAllText($"/sys/fs/cgroup/pids{group}/pids.max").ShouldBe("33\n");
        Runtime(systemd, "events", "--stats", "scope").ShouldSucceed().ShouldContain("\"pids\"");
        Runtime(systemd, "pause", "scope").ShouldSucceed();

        // Without a word from systemd.
        host.Runtime("state", "scope").ShouldSucceed().ShouldContain("\"paused\"");
        Runtime(systemd, "resume", "scope").ShouldSucceed();
        Runtime(systemd, "kill", "--all", "scope", "KILL").ShouldSucceed();
        Patience.ShouldCome(() => Runtime(systemd, "state", "scope").Output.Contains("stopped", StringComparison.Ordinal), "it has stopped");
        Runtime(systemd, "delete", "scope").ShouldSucceed();
        Show("ActiveState").ShouldBe("inactive");
        Host.Shell("find /sys/fs/cgroup -name oci-scope.scope").ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_path_the_scope_has_the_containers_name()
    {
        Assert.SkipWhen(PrivateSystemd.Missing is not null, PrivateSystemd.Missing ?? "");
        using var systemd = new PrivateSystemd();
        Runtime(systemd, "--systemd-cgroup", "run", "--detach", "--bundle", Sleeping("plain", null), "plain").ShouldSucceed();
        var unit = BundleHost.IsPeer ? "runc-plain.scope" : "sampan-plain.scope";
        systemd.Show(unit, "Slice").ShouldBe("system.slice");

        // Another of that name is refused, and the first stays.
        var second = Sleeping("second", BundleHost.IsPeer ? ":runc:plain" : ":sampan:plain");
        Runtime(systemd, "--systemd-cgroup", "create", "--bundle", second, "second").ShouldFail(1, unit);
        Runtime(systemd, "exec", "plain", "true").ShouldSucceed();
        Runtime(systemd, "delete", "--force", "plain").ShouldSucceed();
        systemd.Show(unit, "LoadState").ShouldBe("not-found");
    }

    [Fact]
    public void What_cannot_be_leaves_neither_scope_nor_container()
    {
        Assert.SkipWhen(PrivateSystemd.Missing is not null, PrivateSystemd.Missing ?? "");
        using var systemd = new PrivateSystemd();
        CommandResult Create(string id, string path, Action<JsonNode>? change = null) =>
            Runtime(systemd, "--systemd-cgroup", "create", "--bundle", Sleeping(id, path, change), id);
        Create("flat", "/a/path").ShouldFail(1, "slice:prefix:name");
        Create("annotated", ":oci:annotated", config => config["annotations"] = new JsonObject { ["org.systemd.property.CPUWeight"] = "uint64 many" }).ShouldFail(1, "CPUWeight");
        Create("unknown", ":oci:unknown", config => config["annotations"] = new JsonObject { ["org.systemd.property.NoSuchThing"] = "true" }).ShouldFail(1, "NoSuchThing");
        Create("command", ":oci:command", config => config["process"]!["args"] = new JsonArray("/no/such")).ShouldFail(1, "/no/such");
        foreach (var id in (string[])["annotated", "unknown", "command"])
        {
            systemd.Show($"oci-{id}.scope", "LoadState").ShouldBe("not-found");
            Runtime(systemd, "state", id).ExitCode.ShouldBe(1);
        }
    }

    [Fact]
    public void Podman_asks_for_scopes()
    {
        Assert.SkipWhen(PrivateSystemd.Missing is not null, PrivateSystemd.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/podman"), "podman is not installed");
        using var systemd = new PrivateSystemd();
        var name = $"sampan-{Environment.ProcessId}";

        // Its state is in the /run only this systemd has, and goes with it.
        CommandResult Podman(params string[] arguments) => systemd.Run(
            "/usr/bin/podman",
            ["--root", Path.Combine(host.Folder, "podman"), "--runroot", "/run/podman-root", "--tmpdir", "/run/podman-tmp", "--cgroup-manager", "systemd", "--runtime", BundleHost.Binary, .. arguments]);
        var id = Podman(
            "run", "--detach", "--name", name, "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000", "--memory", "64m", "--pids-limit", "30",
            "--rootfs", host.Rootfs, "/bin/sleep", "1000").ShouldSucceed().Split('\n')[^1];
        try
        {
            var unit = $"libpod-{id}.scope";
            (systemd.Show(unit, "ActiveState"), systemd.Show(unit, "Slice")).ShouldBe(("active", "machine.slice"));
            (systemd.Show(unit, "MemoryLimit"), systemd.Show(unit, "TasksMax")).ShouldBe(("67108864", "30"));
            Podman("exec", name, "cat", "/proc/self/cgroup").ShouldSucceed().ShouldContain(unit);
        }
        finally
        {
            Podman("rm", "--force", "--time", "0", name).ShouldSucceed();
        }

        systemd.Show($"libpod-{id}.scope", "LoadState").ShouldBe("not-found");
    }

    [Fact]
    public void Without_systemd_it_is_an_error_in_one_line()
    {
        Assert.SkipWhen(File.Exists("/run/systemd/private") || File.Exists("/run/dbus/system_bus_socket"), "systemd, or a bus, runs here");
        host.Runtime("--systemd-cgroup", "run", "--bundle", Sleeping("nobody", null), "nobody").ShouldFailInOneLine(1, "systemd does not run here");
        host.Runtime("state", "nobody").ExitCode.ShouldBe(1);
    }
}

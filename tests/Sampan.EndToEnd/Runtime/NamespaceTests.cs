using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Namespaces joined by path, clocks that are set off, devices that move (config-linux.md, "Namespaces" to "Network devices").</summary>
public sealed class NamespaceTests(BundleHost host) : IClassFixture<BundleHost>
{
    private const string Show = "for name in user net ipc uts mnt time; do ls -l /proc/self/ns/ | grep \" $name -\" | sed 's/.*-> //'; done";

    private static string Own(string kind) => File.ResolveLinkTarget($"/proc/self/ns/{kind}", false)!.Name;

    private static string Of(int pid, string kind) => File.ResolveLinkTarget($"/proc/{pid}/ns/{kind}", false)!.Name;

    private static void Set(JsonNode config, string type, string? path = null)
    {
        var namespaces = config["linux"]!["namespaces"]!.AsArray();
        if (namespaces.FirstOrDefault(item => item!["type"]!.GetValue<string>() == type) is { } old)
        {
            namespaces.Remove(old);
        }

        var item = new JsonObject { ["type"] = type };
        if (path is not null)
        {
            item["path"] = path;
        }

        namespaces.Add(item);
    }

    private static void Map(JsonNode config)
    {
        Set(config, "user");
        config["linux"]!["uidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
        config["linux"]!["gidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
        config["root"]!["readonly"] = false;
        config["mounts"]!.AsArray().RemoveAll(mount => mount!["type"]!.GetValue<string>() is "sysfs" or "cgroup");
    }

    /// <summary>A process in namespaces of its own, there once its last one differs from ours.</summary>
    private static RunningCommand Holder(string kind, params string[] options)
    {
        var holder = new RunningCommand("/usr/bin/unshare", [.. options, "/bin/sleep", "1000"]);
        Patience.ShouldCome(() => Of(holder.Pid, kind) != Own(kind), "the namespaces are made");
        return holder;
    }

    private string Run(string id, string script, Action<JsonNode> change) => host.Runtime("run", "--bundle", host.Bundle(id, script, change), id).ShouldSucceed();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clocks_are_set_off(bool mapped)
    {
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0]);
        var inside = Run(mapped ? "time-mapped" : "time", "cut -d' ' -f1 /proc/uptime; cat /proc/self/timens_offsets", config =>
        {
            Set(config, "time");
            config["linux"]!["timeOffsets"] = new JsonObject { ["boottime"] = new JsonObject { ["secs"] = 5_000_000 }, ["monotonic"] = new JsonObject { ["secs"] = 7, ["nanosecs"] = 9 } };
            if (mapped)
            {
                Map(config);
            }
        }).Split('\n');
        double.Parse(inside[0]).ShouldBeInRange(uptime + 5_000_000, uptime + 5_000_100);
        inside[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["monotonic", "7", "9"]);
    }

    [Fact]
    public void A_user_namespace_is_joined_and_owns_what_is_made()
    {
        using var holder = Holder("uts", "--user", "--map-root-user", "--net", "--ipc", "--uts");
        Patience.ShouldCome(() => File.ReadAllText($"/proc/{holder.Pid}/uid_map").Length > 0, "root is mapped");
        var inside = Run("join-user", Show + "; id -u; mount -t tmpfs x /tmp && echo mounted", config =>
        {
            Map(config);
            Set(config, "user", $"/proc/{holder.Pid}/ns/user");
            Set(config, "network", $"/proc/{holder.Pid}/ns/net");
            AddAdministration(config);

            // No group but root's is mapped there.
            config["mounts"]!.AsArray().RemoveAll(mount => mount!["type"]!.GetValue<string>() == "devpts");
        }).Split('\n');
        inside[0].ShouldBe(Of(holder.Pid, "user"));
        inside[1].ShouldBe(Of(holder.Pid, "net"));
        inside[2].ShouldNotBe(Of(holder.Pid, "ipc"));
        inside[^2..].ShouldBe(["0", "mounted"]);
        Native.kill(holder.Pid, Native.SIGKILL);
    }

    [Fact]
    public void A_new_user_namespace_goes_with_joined_ones_of_the_host()
    {
        using var holder = Holder("uts", "--net", "--ipc", "--uts");
        var inside = Run("join-others", Show + "; cat /proc/self/uid_map", config =>
        {
            Map(config);
            Set(config, "network", $"/proc/{holder.Pid}/ns/net");
            Set(config, "ipc", $"/proc/{holder.Pid}/ns/ipc");
            config["mounts"]!.AsArray().RemoveAll(mount => mount!["type"]!.GetValue<string>() == "mqueue");
        }).Split('\n');
        inside[0].ShouldNotBe(Own("user"));
        inside[1].ShouldBe(Of(holder.Pid, "net"));
        inside[2].ShouldBe(Of(holder.Pid, "ipc"));
        inside[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["0", "100000", "65536"]);
        Native.kill(holder.Pid, Native.SIGKILL);
    }

    [Fact]
    public void A_mount_namespace_is_joined()
    {
        using var holder = Holder("mnt", "--mount");
        Run("join-mount", Show, config => Set(config, "mount", $"/proc/{holder.Pid}/ns/mnt")).Split('\n')[4].ShouldBe(Of(holder.Pid, "mnt"));
        Native.kill(holder.Pid, Native.SIGKILL);
    }

    [Fact]
    public void A_failure_in_between_names_the_step_and_leaves_nothing()
    {
        var bundle = host.Bundle("wrong-kind", "true", config =>
        {
            Map(config);
            Set(config, "network", "/proc/self/ns/ipc");
        });
        host.Runtime("run", "--bundle", bundle, "wrong-kind").ShouldFail(1, "setns network namespace", "EINVAL");
        host.Runtime("state", "wrong-kind").ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_device_moves_with_its_addresses(bool mapped)
    {
        var id = mapped ? "device-mapped" : "device";
        var (name, peer) = ($"e2e{Environment.ProcessId % 100000}a", $"e2e{Environment.ProcessId % 100000}b");
        Host.Shell("ip link add \"$1\" type veth peer name \"$2\"; ip addr add 10.99.7.1/24 dev \"$1\"; ip link set \"$1\" mtu 1400", name, peer);
        try
        {
            var taken = host.Bundle(id + "-taken", "true", config => config["linux"]!["netDevices"] = new JsonObject { [name] = new JsonObject { ["name"] = "lo" } });
            host.Runtime("run", "--bundle", taken, id + "-taken").ShouldFail(1, name, "EEXIST");
            var shown = Run(id, "ip addr show moved", config =>
            {
                config["linux"]!["netDevices"] = new JsonObject { [name] = new JsonObject { ["name"] = "moved" } };
                if (mapped)
                {
                    Map(config);
                }
            });
            shown.ShouldContain("10.99.7.1/24");
            shown.ShouldContain("mtu 1400");
            shown.ShouldContain(",UP");
        }
        finally
        {
            Host.Shell("ip link del \"$1\" 2>/dev/null || true", peer);
        }
    }

    [Fact]
    public void A_device_that_is_not_there_is_told()
    {
        var bundle = host.Bundle("no-device", "true", config => config["linux"]!["netDevices"] = new JsonObject { ["e2enone"] = new JsonObject() });
        host.Runtime("run", "--bundle", bundle, "no-device").ShouldFail(1, "e2enone", "ENODEV");
    }

    private static void AddAdministration(JsonNode config)
    {
        foreach (var set in (string[])["bounding", "effective", "permitted"])
        {
            config["process"]!["capabilities"]![set]!.AsArray().Add("CAP_SYS_ADMIN");
        }
    }
}

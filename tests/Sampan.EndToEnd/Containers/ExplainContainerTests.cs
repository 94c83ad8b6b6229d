using System.Text.Json;

namespace Sampan.EndToEnd.Containers;

/// <summary>explain: what a container is made of, as the kernel has it.</summary>
public sealed class ExplainContainerTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_flag_of_each_kind_shows_with_its_origin()
    {
        var source = Directory.CreateDirectory(Path.Combine(host.Folder, "explained")).FullName;
        var donor = host.Detached("--name", "donor", "busybox", "sleep", "1000");
        var id = host.Detached(
            "--name", "rich", "-m", "64m", "--cpus", "0.5", "--pids-limit", "50", "--cpu-shares", "512", "--network", "container:donor", "--uts", "host",
            "--cap-add", "SETPCAP", "--cap-drop", "MKNOD", "--cap-drop", "net_raw", "-v", $"{source}:/bound:ro", "-v", "vol:/volume", "--tmpfs", "/scratch:size=1m", "--mount", "type=tmpfs,dst=/tm",
            "--device", "/dev/net/tun:/dev/mine:r", "--device-cgroup-rule", "c 99:* r", "--ulimit", "nofile=100:200", "--oom-score-adj", "55", "--sysctl", "kernel.msgmax=4096",
            "--security-opt", "no-new-privileges", "--read-only", "-u", "1000:50", "--group-add", "77", "busybox", "sleep", "1000");
        var facts = Facts(id);
        ShouldHave("Process", "user id", "1000", "--user 1000:50");
        ShouldHave("Process", "group id", "50", "--user 1000:50");
        ShouldHave("Process", "processes", "1", "in its control group now");
        ShouldHave("Namespaces", "network", "shared with donor", "--network container:donor");
        ShouldHave("Namespaces", "uts", "the host's", "--uts host");
        ShouldHave("Namespaces", "pid", "its own", "default");
        ShouldHave("Mounts", "/", "overlay ro", "--read-only");
        ShouldHave("Mounts", "/bound", $"bind of {source} ro", $"--volume {source}:/bound:ro");
        ShouldHave("Mounts", "/volume", "volume vol rw", "--volume vol:/volume");
        ShouldHave("Mounts", "/scratch", "tmpfs rw size=1024k", "--tmpfs /scratch:size=1m");
        ShouldHave("Mounts", "/tm", "tmpfs rw", "--mount type=tmpfs,dst=/tm");
        ShouldHave("Mounts", "/proc", "proc rw", "every container has it");
        ShouldHave("Paths", "/proc/keys", "hidden", "docker's default");
        ShouldHave("Paths", "/proc/sys", "read-only", "docker's default");
        ShouldHave("Cgroup", "pids.max", "50", "--pids-limit 50");
        facts["Cgroup"].ShouldContain(fact => fact.Value == $"{64 << 20}" && fact.Origin == $"--memory {64 << 20}");
        facts["Cgroup"].ShouldContain(fact => fact.Origin == "--cpus 0.5");
        facts["Cgroup"].ShouldContain(fact => fact.Origin == "--cpu-shares 512");
        ShouldHave("Devices", "c 10:200 /dev/mine", "", "--device, as /dev/mine");
        ShouldHave("Devices", "c 99:*", "r", "--device-cgroup-rule");
        ShouldHave("Capabilities", "dropped", "mknod", "--cap-drop MKNOD");
        ShouldHave("Capabilities", "effective", "none", "none: its user is not root");
        ShouldHave("Security", "seccomp", "on", "docker's default policy");
        ShouldHave("Security", "no_new_privs", "1", "--security-opt no-new-privileges");
        ShouldHave("Limits", "nofile", "100:200", "--ulimit nofile");
        ShouldHave("Limits", "oom_score_adj", "55", "--oom-score-adj 55");
        ShouldHave("Sysctls", "kernel.msgmax", "4096", "--sysctl kernel.msgmax=4096");
        facts.Values.SelectMany(list => list).Where(fact => fact.Changed).ShouldBeEmpty("nobody has changed anything");
        host.Sampan("explain", donor, "nosuch").ShouldFail(1, "No such container: nosuch");
        host.Sampan("rm", "-f", donor).ShouldSucceed();
        facts = Facts(id);
        ShouldHave("Namespaces", "network", "of a container that has ended", "--network container:donor");

        void ShouldHave(string section, string name, string value, string origin) =>
            facts[section].ShouldContain(fact => fact.Name == name && fact.Value.Contains(value) && fact.Origin.Contains(origin), $"{section} {name} {value} {origin}\n{string.Join('\n', facts[section])}");
    }

    [Fact]
    public void What_was_changed_behind_our_back_is_said_to_be()
    {
        var source = Path.Combine(host.Folder, "replaced");
        File.WriteAllText(source, "old");
        var id = host.Detached("--pids-limit", "50", "--cap-add", "SYS_ADMIN", "-v", $"{source}:/file", "--tmpfs", "/gone", "busybox", "sh", "-c", "umount /gone; mkdir /more; mount -t tmpfs none /more; sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "grep", "-q", " /more ", "/proc/mounts").ExitCode == 0, "it has mounted something");
        File.WriteAllText(source + ".new", "new");
        File.Move(source + ".new", source, overwrite: true);
        WriteControlFile(id, "pids", "pids.max", "40");
        WriteControlFile(id, "cpu", "cpu.shares", "300", "cpu.weight", "30");
        var facts = Facts(id);
        facts["Cgroup"].Single(fact => fact.Name == "pids.max").ShouldBe(new Fact("pids.max", "40", "--pids-limit 50", "50", true));
        facts["Cgroup"].ShouldContain(fact => fact.Name.StartsWith("cpu.") && fact.Changed && fact.Origin == "nobody asked for a limit");
        facts["Mounts"].ShouldContain(fact => fact.Name == "/gone" && fact.Changed && fact.Value == "not mounted");
        facts["Mounts"].ShouldContain(fact => fact.Name == "/more" && fact.Changed && fact.Origin == "mounted in the container");
        facts["Mounts"].ShouldContain(fact => fact.Name == "/file" && fact.Changed && fact.Asked.Contains("replaced on the host"));
        host.Sampan("explain", id).ShouldSucceed().ShouldMatch(@"\n  pids\.max +40 +# changed since: 50 was asked for; --pids-limit 50\n");
    }

    [Fact]
    public void Text_json_and_templates_tell_the_same()
    {
        var id = host.Detached("--name", "told", "--init", "--privileged", "busybox", "sleep", "1000");
        var text = host.Sampan("explain", "told").ShouldSucceed();
        text.ShouldStartWith($"container told ({id[..12]}), running, process {host.Pid(id)}\n\nprocess\n  command");
        foreach (var title in new[] { "namespaces", "mounts", "hidden and read-only paths", "control group", "devices", "capabilities", "security", "limits", "kernel parameters" })
        {
            text.ShouldContain($"\n\n{title}\n  ");
        }

        text.ShouldContain("nothing is hidden");
        text.ShouldNotContain("changed since");
        host.Sampan("explain", "-f", "{{.Name}} {{.Status}} {{len .Namespaces}}{{range .Devices}} {{.Name}}={{.Value}}{{end}}", "told").ShouldSucceed().ShouldMatch("^told running [78] all devices=rwm$");
        host.Sampan("container", "explain", "--format", "json", "told").Lines.Count.ShouldBe(1);
        host.Sampan("pause", "told").ShouldSucceed();
        host.Sampan("explain", "told").ShouldSucceed().ShouldStartWith($"container told ({id[..12]}), paused");
        host.Sampan("unpause", "told").ShouldSucceed();
    }

    [Fact]
    public void A_container_that_does_not_run_shows_its_next_start()
    {
        var id = host.Sampan("create", "--name", "still", "-m", "64m", "busybox", "true").ShouldSucceed();
        var text = host.Sampan("explain", "still").ShouldSucceed();
        text.ShouldStartWith($"container still ({id[..12]}), created: nothing of it is in the kernel. Its next start does this:\n");
        text.ShouldContain("execve");
        text.ShouldContain($"= {64 << 20}");
        text.ShouldNotContain("takes the name");
        host.Sampan("explain", "-f", "{{.Pid}} {{len .Mounts}}", "still").ShouldSucceed().ShouldBe("0 0");
        host.Status(id).ShouldBe("created");
    }

    private void WriteControlFile(string id, string controller, string name, string value, string? unifiedName = null, string? unifiedValue = null)
    {
        var group = $"/sampan/{id}";
        var path = $"/sys/fs/cgroup/{controller}{group}/{name}";
        if (File.Exists(path))
        {
            File.WriteAllText(path, value);
        }
        else
        {
            File.WriteAllText($"/sys/fs/cgroup{group}/{unifiedName ?? name}", unifiedValue ?? value);
        }
    }

    private Dictionary<string, List<Fact>> Facts(string id)
    {
        using var document = JsonDocument.Parse(host.Sampan("explain", "--format", "json", id).ShouldSucceed());
        return document.RootElement.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Array).ToDictionary(
            property => property.Name,
            property => property.Value.EnumerateArray().Select(fact => new Fact(
                fact.GetProperty("Name").GetString()!,
                fact.GetProperty("Value").GetString()!,
                fact.GetProperty("Origin").GetString()!,
                fact.GetProperty("Asked").GetString()!,
                fact.GetProperty("Changed").GetBoolean())).ToList());
    }

    private sealed record Fact(string Name, string Value, string Origin, string Asked, bool Changed);
}

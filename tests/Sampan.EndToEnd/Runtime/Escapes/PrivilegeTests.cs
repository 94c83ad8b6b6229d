using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Escapes;

/// <summary>Identity, capabilities, control groups and sizes: where runtimes gave a process more than was asked for.</summary>
public sealed class PrivilegeTests(BundleHost host) : IClassFixture<BundleHost>
{
    private static void Give(JsonNode config, params string[] capabilities)
    {
        foreach (var set in new[] { "bounding", "effective", "permitted" })
        {
            config["process"]!["capabilities"]![set] = new JsonArray([.. capabilities.Select(name => (JsonNode)name)]);
        }
    }

    /// <summary>CVE-2022-0492: the release agent of a version 1 hierarchy runs on the host as root.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("admin")]
    public void The_release_agent_is_out_of_reach(string kind)
    {
        var agents = Harness.Host.Shell("cat /sys/fs/cgroup/*/release_agent 2>/dev/null || true");
        var trees = string.Join(' ', File.ReadLines("/proc/self/mountinfo")
            .Where(line => line.Contains(" - cgroup ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[^1].Split(',').Skip(1).Where(option => option is not "xattr" and not "clone_children" && !option.StartsWith("release_agent=", StringComparison.Ordinal)))
            .Select(options => string.Join(',', options)));

        // The last would be a new tree. It takes away what it makes, or a tree would stay on the host that nothing mounts.
        var script = $$"""
            mkdir -p /tmp/g
            for c in {{trees}} none,name=sampan-escape; do
              if mount -t cgroup -o $c cgroup /tmp/g 2>/dev/null || unshare -m mount -t cgroup -o $c cgroup /tmp/g 2>/dev/null; then
                test $c != none,name=sampan-escape || echo "NEW TREE"
                test -e /tmp/g/release_agent && { echo "AGENT of $c"; echo /escape >/tmp/g/release_agent && echo "WRITTEN $c"; echo >/tmp/g/release_agent; }
                umount /tmp/g
              fi
            done 2>/dev/null
            find /sys/fs/cgroup -name release_agent | while read -r f; do echo "AGENT $f"; done
            find /sys/fs/cgroup -type d | while read -r d; do mkdir "$d/sampan-escape" && echo "MADE $d" && rmdir "$d/sampan-escape"; done 2>/dev/null
            echo done
            """;
        var bundle = host.Bundle("agent-" + kind, script, config =>
        {
            config["root"]!["readonly"] = false;
            if (kind == "admin")
            {
                Give(config, "CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE");
            }
        });
        host.Detached("run", "--bundle", bundle, "agent-" + kind).ShouldSucceed().ShouldBe("done");
        Harness.Host.Shell("cat /sys/fs/cgroup/*/release_agent 2>/dev/null || true").ShouldBe(agents);
    }

    /// <summary>CVE-2023-25809: a mapped root in the host's cgroup namespace sees its group, and cannot write to it.</summary>
    [Fact]
    public void The_hosts_cgroup_namespace_is_read_only()
    {
        var bundle = host.Bundle("hostgroup", "find /sys/fs/cgroup -type d | while read -r d; do mkdir \"$d/x\" 2>&1 | grep -v 'Read-only file system'; test -d \"$d/x\" && echo \"MADE $d/x\"; done; echo done", config =>
        {
            var namespaces = config["linux"]!["namespaces"]!.AsArray();
            foreach (var item in namespaces.Where(item => item!["type"]!.ToString() == "cgroup").ToList())
            {
                namespaces.Remove(item);
            }

            namespaces.Add(new JsonObject { ["type"] = "user" });
            config["linux"]!["uidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
            config["linux"]!["gidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
        });
        host.Detached("run", "--bundle", bundle, "hostgroup").ShouldSucceed().ShouldBe("done");
    }

    /// <summary>CVE-2022-24769, CVE-2022-29162: inheritable capabilities come back with a file's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Nothing_is_inheritable(int user)
    {
        var id = $"inheritable-{user}";
        var bundle = host.Bundle(id, "grep CapInh /proc/self/status; exec sleep 98765", config => config["process"]!["user"] = new JsonObject { ["uid"] = user, ["gid"] = user });

        // capsh would have to be there; a shell that was started with them hands its own down.
        using var run = host.Start("run", "--bundle", bundle, id);
        run.Expect("CapInh:\t0000000000000000\n");
        host.Detached("exec", id, "grep", "CapInh", "/proc/self/status").ShouldSucceed().ShouldBe("CapInh:\t0000000000000000");
        host.Detached("exec", "--cap", "CAP_SYS_ADMIN", "--user", $"{user}", id, "grep", "CapInh", "/proc/self/status").ShouldSucceed().ShouldBe("CapInh:\t0000000000000000");
        host.Runtime("kill", id, "KILL").ShouldSucceed();
        run.Wait();
    }

    /// <summary>CVE-2022-36109, CVE-2024-40635, CVE-2026-30892: groups are the given ones only, and a user is a number below the last.</summary>
    [Fact]
    public void A_user_is_a_number_and_has_the_groups_given()
    {
        var bundle = host.Bundle("users", "exec sleep 98765", config => config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000, ["additionalGids"] = new JsonArray(5, 7) });
        host.Detached("run", "--detach", "--bundle", bundle, "users").ShouldSucceed();
        Id().ShouldBe("1000 1000 1000 5 7");
        Id("--user", "1001:1002").ShouldBe("1001 1002 1002 5 7");
        Id("--user", "1001", "--additional-gids", "9").ShouldBe("1001 1000 1000 5 7 9");
        foreach (var user in new[] { "0x0", "4294967296", "4294967295", "18446744073709551616", "1000:", ":", ":0", "root", "root\n", "1000\n", "-1", "+0", " 0", "0 ", "1e3", "0:4294967295", "0:0x0", "٠" })
        {
            Malformed.HostileBundle.OneError(host.Detached("exec", "--user", user, "users", "id"), "exec", 255).ShouldContain("id");
        }

        foreach (var group in new[] { "4294967295", "4294967296", "-1", "root", "0x0" })
        {
            Malformed.HostileBundle.OneError(host.Detached("exec", "--additional-gids", group, "users", "id"), "exec", 255).ShouldContain("gid");
        }

        host.Runtime("delete", "--force", "users").ShouldSucceed();

        string Id(params string[] options) =>
            host.Detached(["exec", .. options, "users", "sh", "-c", "echo $(id -u) $(id -g) $(grep Groups: /proc/self/status | cut -f2) | sed 's/ *$//'"]).ShouldSucceed() is var text
                ? string.Join(' ', text.Split(' ').Take(2).Append(text.Split(' ')[1]).Concat(text.Split(' ').Skip(2).Where(group => group != text.Split(' ')[1])))
                : "";
    }

    /// <summary>CVE-2021-43784: fields longer than a 16-bit length; what follows them must not be lost, namespaces above all.</summary>
    [Fact]
    public void Fields_of_any_size_are_kept_whole_or_refused()
    {
        var own = Path.GetFileName(File.ResolveLinkTarget("/proc/self/ns/uts", false)!.FullName);
        var bundle = host.Bundle("oversize", "env | wc -c; readlink /proc/self/ns/uts; grep -c size=4k /proc/self/mountinfo", config =>
        {
            config["root"]!["readonly"] = false;
            var env = config["process"]!["env"]!.AsArray();
            for (var i = 0; i < 20; i++)
            {
                env.Add($"LONG{i}=" + new string('x', 70_000));
            }

            config["annotations"] = new JsonObject { ["long"] = new string('a', 1 << 20) };
            for (var i = 0; i < 60; i++)
            {
                config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = $"/tmp/m{i}", ["type"] = "tmpfs", ["source"] = "tmpfs", ["options"] = new JsonArray("size=4k") });
            }
        });
        var lines = host.Detached("run", "--bundle", bundle, "oversize").ShouldSucceed().Split('\n');
        int.Parse(lines[0]).ShouldBeGreaterThan(1_400_000);
        lines[1].ShouldNotBe(own);
        lines[2].ShouldBe("60");

        foreach (var (change, word) in new (Action<JsonNode>, string)[]
        {
            (config => config["process"]!["env"]!.AsArray().Add("LONG=" + new string('x', 200_000)), "argument list too long"),
            (config => config["linux"]!["namespaces"]![0]!["path"] = "/" + new string('n', 70_000), "ENAMETOOLONG"),
            (config => config["mounts"]![1]!["options"]!.AsArray().Add("size=" + new string('9', 70_000)), "E"),
            (config =>
            {
                for (var i = 0; i < 70_000; i++)
                {
                    config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = $"/tmp/m{i}", ["type"] = "tmpfs" });
                }
            }, "too many mounts"),
            (config => config["linux"]!["cgroupsPath"] = "/" + new string('c', 70_000), "ENAMETOOLONG"),
            (config =>
            {
                config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
                foreach (var name in new[] { "uidMappings", "gidMappings" })
                {
                    config["linux"]![name] = new JsonArray([.. Enumerable.Range(0, 66_000).Select(i => (JsonNode)new JsonObject { ["containerID"] = i, ["hostID"] = 100_000 + i, ["size"] = 1 })]);
                }
            }, "uid_map"),
        })
        {
            var refused = host.Bundle("oversize-refused", "true", change);
            Malformed.HostileBundle.OneError(host.Detached("run", "--bundle", refused, "oversize-refused"), "run").ShouldContain(word);
            host.LeftOf("oversize-refused").ShouldBeEmpty();
        }
    }

    /// <summary>A signal to all of a container freezes it meanwhile: what fails in between must not leave it frozen, nor make it unremovable.</summary>
    [Fact]
    public void A_kill_that_fails_leaves_nothing_frozen()
    {
        var bundle = host.Bundle("frozen", "sleep 98765 & exec sleep 98765");
        host.Detached("run", "--detach", "--bundle", bundle, "frozen").ShouldSucceed();
        var log = Path.Combine(host.Folder, "faults");
        for (var at = 1; at <= 2; at++)
        {
            var result = host.Detached(["-q", "-o", log, "-e", "trace=kill", "-e", $"inject=kill:error=EPERM:when={at}", BundleHost.Binary, "--root", host.State, "kill", "--all", "frozen", "USR2"], "strace");
            File.ReadAllText(log).ShouldContain("INJECTED");
            Malformed.HostileBundle.OneError(result, "").ShouldContain("EPERM");
            host.Runtime("state", "frozen").ShouldSucceed().ShouldContain("\"running\"");
            if (Harness.Host.Shell("cat /proc/*/cgroup 2>/dev/null | grep -c /frozen$ || true") == "0")
            {
                break;
            }
        }

        foreach (var call in new[] { "kill", "write", "ppoll" })
        {
            _ = host.Detached(["-q", "-o", log, "-e", "trace=" + call, "-e", $"inject={call}:signal=KILL:when=1", BundleHost.Binary, "--root", host.State, "kill", "--all", "frozen", "URG"], "strace");
            host.Runtime("state", "frozen").ShouldSucceed();
            host.Detached("delete", "--force", "frozen").ShouldSucceed();
            host.LeftOf("frozen").ShouldBeEmpty();
            host.Detached("run", "--detach", "--bundle", bundle, "frozen").ShouldSucceed();
        }

        host.Detached("delete", "--force", "frozen").ShouldSucceed();
        host.LeftOf("frozen").ShouldBeEmpty();
    }
}

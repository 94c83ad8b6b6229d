using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>What create and run can be told, by what the container gets (runc-create(8), runc-run(8)).</summary>
public sealed class CreationFlagTests(BundleHost host) : IClassFixture<BundleHost>
{
    private static void ShowKeys(JsonNode config) => config["linux"]!["maskedPaths"] = new JsonArray();

    private static void WithoutPidNamespace(JsonNode config) =>
        config["linux"]!["namespaces"]!.AsArray().RemoveAll(item => item!["type"]!.GetValue<string>() == "pid");

    [Fact]
    public void No_new_keyring_leaves_the_callers()
    {
        var own = host.Bundle("keys", "cat /proc/keys", ShowKeys);
        host.Runtime("run", "--bundle", own, "keys").ShouldSucceed().ShouldContain("_ses.keys");
        var none = host.Bundle("no-keys", "cat /proc/keys", ShowKeys);
        host.Runtime("run", "--no-new-keyring", "--bundle", none, "no-keys").ShouldSucceed().ShouldNotContain("_ses.no-keys");
    }

    [Fact]
    public void Preserved_descriptors_get_through_and_no_others()
    {
        var bundle = host.Bundle("preserve", "cat <&3; ls /proc/self/fd | wc -l");
        var file = Path.Combine(host.Folder, "preserved");
        File.WriteAllText(file, "handed over\n");
        var result = host.Shell($"exec 3<{file} 4<{file} 5<{file}; \"$@\" run --preserve-fds 1 --bundle {bundle} preserve");
        result.ShouldSucceed().Split('\n').ShouldBe(["handed over", "5"]);
    }

    [Theory]
    [InlineData("1", "preserved-fd 0 (of 1)")]
    [InlineData("-1", "-1")]
    [InlineData("many", "many")]
    public void Descriptors_that_are_not_there_are_told(string count, string words)
    {
        Assert.SkipWhen(BundleHost.IsPeer && count is not "many", "runc has a descriptor 3 of its own, and takes a number below zero for none");
        var bundle = host.Bundle("preserve" + count, "true");
        var result = host.Shell($"exec 3<&-; \"$@\" run --preserve-fds {count} --bundle {bundle} preserve{count}");
        result.ExitCode.ShouldBe(1, result.ToString());
        (result.Error + result.Output).ShouldContain(words);
        host.Runtime("state", "preserve" + count).ExitCode.ShouldBe(1);
    }

    [Fact]
    public void Activation_sockets_come_first_and_are_announced()
    {
        var bundle = host.Bundle("listen", "echo $LISTEN_FDS $LISTEN_PID; cat <&3; cat <&4; test -e /proc/self/fd/5 || echo no more");
        var (first, second) = (Path.Combine(host.Folder, "first"), Path.Combine(host.Folder, "second"));
        File.WriteAllText(first, "activation\n");
        File.WriteAllText(second, "preserved\n");
        var result = host.Shell($"exec 3<{first} 4<{second} 5<{first}; LISTEN_FDS=1 LISTEN_PID=$$ \"$@\" run --preserve-fds 1 --bundle {bundle} listen");
        result.ShouldSucceed().Split('\n').ShouldBe(["1 1", "activation", "preserved", "no more"]);
    }

    [Fact]
    public void A_pidfd_goes_to_a_socket()
    {
        Assert.SkipWhen(BundleHost.IsPeer, "this runc has no --pidfd-socket");
        var bundle = host.Bundle("pidfd", "exec sleep 1000 </dev/null >/dev/null 2>&1");
        using var receiver = new DescriptorReceiver(Path.Combine(host.Folder, "pidfd.sock"));
        using var create = host.Start("create", "--pidfd-socket", Path.Combine(host.Folder, "pidfd.sock"), "--bundle", bundle, "pidfd");
        var (descriptor, _) = receiver.Take();
        create.CloseInput();
        Patience.ShouldCome(() => host.Runtime("state", "pidfd").Output.Contains("\"created\"", StringComparison.Ordinal), "it is created");
        File.ReadAllText($"/proc/self/fdinfo/{descriptor}").ShouldContain($"\nPid:\t{host.Pid("pidfd")}\n");
        host.Runtime("start", "pidfd").ShouldSucceed();
        create.Wait().ShouldSucceed();
        using var executed = new DescriptorReceiver(Path.Combine(host.Folder, "exec.sock"));
        using var exec = host.Start("exec", "--pidfd-socket", Path.Combine(host.Folder, "exec.sock"), "pidfd", "sh", "-c", "echo ready; exec sleep 1000");
        var pid = int.Parse(File.ReadLines($"/proc/self/fdinfo/{executed.Take().Descriptor}").Single(line => line.StartsWith("Pid:", StringComparison.Ordinal))[5..]);
        exec.Expect("ready");
        Patience.ShouldCome(() => Processes.CommandLine(pid).StartsWith("sleep", StringComparison.Ordinal), "the descriptor is the exec'd process's");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_reaps_orphans_unless_told_not_to(bool subreaper)
    {
        // The shell in between ends; who is the orphan's parent then is in the fourth field, and a zombie would keep the file there.
        const string Script = "p=$(sh -c 'sleep 1000 >/dev/null & echo $!'); while [ \"$(cut -d' ' -f4 /proc/$p/stat)\" = $$ ]; do :; done; cut -d' ' -f4 /proc/$p/stat; "
            + "kill -9 $p; while [ -e /proc/$p ]; do sleep 0.02; done; echo reaped; exec sleep 1000";
        var id = subreaper ? "orphans" : "orphans-not";
        var bundle = host.Bundle(id, Script, WithoutPidNamespace);
        string[] flags = subreaper ? [] : ["--no-subreaper"];
        using var run = host.Start(["run", .. flags, "--bundle", bundle, id]);
        run.Expect("\n");
        (int.Parse(run.Output.Split('\n')[0]) == run.Pid).ShouldBe(subreaper);
        if (subreaper)
        {
            run.Expect("reaped");
        }

        host.Runtime("kill", "--all", id, "KILL").ShouldSucceed();
        run.Wait().ExitCode.ShouldBe(137);
    }

    [Fact]
    public void A_group_somebody_lives_in_is_not_taken()
    {
        Assert.SkipWhen(BundleHost.IsPeer, "this runc lets two containers share a group, and the end of one is the end of both");
        var shared = $"/sampan-oci-{Environment.ProcessId}/shared";
        host.Sleeping("first", config => config["linux"]!["cgroupsPath"] = shared);
        var pid = host.Pid("first");
        var bundle = host.Bundle("second", "true", config => config["linux"]!["cgroupsPath"] = shared);
        host.Runtime("create", "--bundle", bundle, "second").ShouldFailInOneLine(1, "has processes");
        host.Runtime("state", "second").ExitCode.ShouldBe(1);
        host.Runtime("delete", "--force", "second").ShouldSucceed();
        host.Pid("first").ShouldBe(pid);
        Processes.IsAlive(pid).ShouldBeTrue();
        host.Runtime("exec", "first", "echo", "lives").ShouldSucceed().ShouldBe("lives");
    }

    [Theory]
    [InlineData("relative/group")]
    [InlineData(null)]
    public void A_group_by_a_relative_path_is_below_the_callers(string? path)
    {
        var id = path is null ? "unnamed" : "relative";
        host.Sleeping(id, config =>
        {
            config["linux"]!.AsObject().Remove("cgroupsPath");
            if (path is not null)
            {
                config["linux"]!["cgroupsPath"] = $"sampan-oci-{Environment.ProcessId}/{path}";
            }
        });
        var expected = path is null ? id : $"sampan-oci-{Environment.ProcessId}/{path}";
        var own = Groups(File.ReadAllText("/proc/self/cgroup"));
        var others = Groups(File.ReadAllText($"/proc/{host.Pid(id)}/cgroup"));

        // On version 1 below, tree by tree; on version 2 beside.
        var trees = others.Where(group => group.Key.Length > 0 && group.Key is not "hugetlb" && !group.Key.StartsWith("name=", StringComparison.Ordinal)).ToList();
        foreach (var (tree, group) in trees)
        {
            group.ShouldBe($"{own[tree].TrimEnd('/')}/{expected}", tree);
        }

        if (trees.Count == 0)
        {
            others[""].ShouldBe($"{Path.GetDirectoryName(own[""])?.TrimEnd('/')}/{expected}");
        }

        host.Runtime("pause", id).ShouldSucceed();
        host.Runtime("state", id).ShouldSucceed().ShouldContain("paused");
        host.Runtime("resume", id).ShouldSucceed();
        host.Runtime("delete", "--force", id).ShouldSucceed();
        if (path is not null)
        {
            Host.Shell("for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do find \"$tree\" -depth -type d -path \"*/$1/relative*\" -exec rmdir {} \\; 2>/dev/null || true; done; "
                + "for tree in /sys/fs/cgroup/*; do find \"$tree\" -mindepth 2 -depth -type d -name \"$1\" -exec rmdir {} \\; 2>/dev/null || true; done", $"sampan-oci-{Environment.ProcessId}");
        }
    }

    private static Dictionary<string, string> Groups(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 3)).ToDictionary(parts => parts[1], parts => parts[2]);
}

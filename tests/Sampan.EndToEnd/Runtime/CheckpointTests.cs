namespace Sampan.EndToEnd.Runtime;

/// <summary>
/// checkpoint and restore where there may be no criu that works: this machine's kernel decides. What a criu that works does is tested in a
/// virtual machine, by tests/Vm/guest/tests/checkpoint.sh.
/// </summary>
public sealed class CheckpointTests(BundleHost host) : IClassFixture<BundleHost>
{
    private const string Counting = "exec </dev/null >/dev/null 2>&1; i=0; while :; do i=$((i + 1)); echo $i >/tmp/count; usleep 10000; done";

    private string Images => Path.Combine(host.Folder, "images");

    private string Started(string id)
    {
        var bundle = host.Bundle(id, Counting, static config =>
            config["mounts"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["destination"] = "/tmp", ["type"] = "tmpfs", ["source"] = "tmpfs" }));
        host.Runtime("run", "--detach", "--bundle", bundle, id).ShouldSucceed();
        Patience.ShouldCome(() => Count(id) > 0, "it counts");
        return bundle;
    }

    private int Count(string id) => int.TryParse(host.Runtime("exec", id, "cat", "/tmp/count").Output, out var count) ? count : 0;

    private void ShouldGoOn(string id)
    {
        var count = Count(id);
        Patience.ShouldCome(() => Count(id) > count, "it goes on");
        host.Runtime("state", id).ShouldSucceed().ShouldContain("\"status\": \"running\"");
    }

    private static CommandResult Run(string program, params string[] arguments)
    {
        using var command = new RunningCommand(program, arguments);
        command.CloseInput();
        return command.Wait();
    }

    [Fact]
    public void Criu_that_refuses_is_quoted_in_one_line_and_the_container_goes_on()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/criu"), "there is no criu");
        var check = Run("/usr/sbin/criu", "check");
        Assert.SkipWhen(check.ExitCode == 0, "criu works with this kernel, so it does not refuse");
        var bundle = Started("refused");
        var refused = host.Runtime("checkpoint", "--image-path", Images, "--work-path", Images + "-log", "refused");
        refused.ShouldFailInOneLine(1, "criu failed: type DUMP", $"log file: {Images}-log/dump.log");

        // The very words of criu itself.
        var reason = check.Error.Split('\n').Last(static line => line.Contains("kerndat.c", StringComparison.Ordinal)).Split("): ")[1];
        refused.Error.ShouldContain(reason);
        File.ReadAllText($"{Images}-log/dump.log").ShouldContain(reason);
        ShouldGoOn("refused");

        // Nothing is left of what cannot be restored.
        File.WriteAllText(Path.Combine(Images, "descriptors.json"), "[]");
        host.Runtime("delete", "--force", "refused").ShouldSucceed();
        var restored = host.Runtime("restore", "--detach", "--image-path", Images, "--bundle", bundle, "refused");
        restored.ShouldFailInOneLine(1, "criu failed: type RESTORE", $"log file: {Images}/restore.log");
        host.Runtime("state", "refused").ExitCode.ShouldBe(1);
        Host.Shell("find /sys/fs/cgroup -path \"*/$1/refused\"", $"sampan-oci-{Environment.ProcessId}").ShouldBe("");
    }

    [Theory]
    [InlineData("/bin/false", "criu ended without an answer")]
    [InlineData("/not/there", "stat /not/there: no such file or directory: install criu, or name it with --criu")]
    [InlineData("no-such-criu", "executable file not found in $PATH: install criu, or name it with --criu")]
    public void Criu_that_is_none(string criu, string words)
    {
        var id = "none-" + criu.Replace('/', '-');
        Started(id);
        var refused = host.Runtime("--criu", criu, "checkpoint", "--image-path", Images + id, id);
        refused.ShouldFailInOneLine(1, words);
        ShouldGoOn(id);
    }

    /// <summary>criu dies while it is asked something: its socket closes, and nobody waits for it.</summary>
    [Fact]
    public void Criu_that_is_killed_after_it_froze_the_container()
    {
        var id = "killed";
        Started(id);
        var own = $"*/sampan-oci-{Environment.ProcessId}/{id}";
        var groups = Host.Shell("find /sys/fs/cgroup -path \"$1/freezer.state\" -o -path \"$1/cgroup.freeze\"", own).Split('\n');

        // The one the runtime freezes by itself, and tells criu.
        var freezer = groups.FirstOrDefault(static file => file.EndsWith("cgroup.freeze", StringComparison.Ordinal)) ?? groups[0];
        var value = freezer.EndsWith("cgroup.freeze", StringComparison.Ordinal) ? "1" : "FROZEN";
        var criu = Path.Combine(host.Folder, "criu");
        File.WriteAllText(criu, $"#!/bin/sh\necho {value} >{freezer}\necho gave up >&2\nkill -9 $$\n");
        Host.Shell("chmod +x \"$1\"", criu);
        var refused = host.Runtime("--criu", criu, "checkpoint", "--image-path", Images + id, id);
        refused.ShouldFailInOneLine(1, "criu ended without an answer: gave up");
        ShouldGoOn(id);
    }

    [Fact]
    public void Only_what_runs_is_checkpointed()
    {
        var bundle = host.Bundle("ended", "true");
        host.Runtime("checkpoint", "ended").Error.ShouldContain("container does not exist");
        host.Runtime("run", "--detach", "--bundle", bundle, "ended").ShouldSucceed();
        Patience.ShouldCome(() => host.Runtime("state", "ended").Output.Contains("stopped", StringComparison.Ordinal), "it ends");
        host.Runtime("checkpoint", "--image-path", Images, "ended").Error.ShouldContain("Container cannot be checkpointed in stopped state");
    }

    [Theory]
    [InlineData("--manage-cgroups-mode=odd", "Invalid manage-cgroups-mode value")]
    [InlineData("--empty-ns=pid", "is not supported")]
    [InlineData("--page-server=nowhere", "ADDRESS:PORT")]
    [InlineData("--page-server=host:99999", "Invalid port number")]
    [InlineData("--parent-path=/absolute", "--parent-path must be relative")]
    [InlineData("--parent-path=not/there", "invalid --parent-path")]
    [InlineData("--status-fd=77", "invalid --status-fd")]
    public void Flags_that_make_no_sense(string flag, string words)
    {
        var id = $"flags-{Guid.NewGuid():N}";
        Started(id);
        var refused = host.Runtime("checkpoint", "--image-path", Images + id, flag, id);
        refused.ShouldFailInOneLine(1, words);
        ShouldGoOn(id);
    }

    [Fact]
    public void Nothing_is_made_of_no_checkpoint()
    {
        var bundle = host.Bundle("nothing", "true");
        host.Runtime("restore", "--detach", "--image-path", "/not/there", "--bundle", bundle, "nothing").ShouldFailInOneLine(1, "no checkpoint at /not/there");
        Directory.CreateDirectory(Images + "-empty");
        host.Runtime("restore", "--detach", "--image-path", Images + "-empty", "--bundle", bundle, "nothing").Error.ShouldContain("descriptors.json is not there");
        File.WriteAllText(Images + "-empty/descriptors.json", "{");
        host.Runtime("restore", "--detach", "--image-path", Images + "-empty", "--bundle", bundle, "nothing").Error.ShouldContain("is damaged");
        host.Runtime("state", "nothing").ExitCode.ShouldBe(1);
    }

    [Fact]
    public void The_features_say_so() =>
        System.Text.Json.Nodes.JsonNode.Parse(host.Runtime("features").ShouldSucceed())!["annotations"]!["org.opencontainers.runc.checkpoint.enabled"]!.GetValue<string>().ShouldBe("true");

    /// <summary>What engines look for before they use them.</summary>
    [Theory]
    [InlineData("checkpoint")]
    [InlineData("restore")]
    public void Every_flag_of_runcs_is_there(string command)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/runc"), "there is no runc");
        var help = host.Runtime(command, "--help").ShouldSucceed();
        foreach (var line in Run("/usr/sbin/runc", command, "--help").Output.Split('\n'))
        {
            if (line.StartsWith("   --", StringComparison.Ordinal))
            {
                help.ShouldContain(line.Trim().Split(' ', ',')[0]);
            }
        }
    }
}

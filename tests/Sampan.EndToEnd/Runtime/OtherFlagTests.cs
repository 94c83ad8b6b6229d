using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>list, ps, kill, delete and the flags before the command.</summary>
public sealed class OtherFlagTests(BundleHost host) : IClassFixture<BundleHost>
{
    [Fact]
    public void List_in_three_forms()
    {
        host.Sleeping("listed-a");
        host.Sleeping("listed-b");
        Listed("-q").ShouldBe(["listed-a", "listed-b"]);
        var entries = JsonNode.Parse(host.Runtime("list", "--format", "json").ShouldSucceed())!.AsArray();
        entries.Select(entry => entry!["id"]!.GetValue<string>()).Where(Mine).ShouldBe(["listed-a", "listed-b"]);
        entries[0]!["owner"]!.GetValue<string>().ShouldBe("root");
        var lines = host.Runtime("list").ShouldSucceed().Split('\n');
        lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]);
        lines.Count(line => Mine(line) && line.EndsWith("root", StringComparison.Ordinal)).ShouldBe(2);
        host.Runtime("list", "--format", "xml").ShouldFail(1, "invalid format option");
        host.Runtime("delete", "-f", "listed-a").ShouldSucceed();
        host.Runtime("delete", "-f", "listed-b").ShouldSucceed();
        Listed("--quiet").ShouldBeEmpty();
        bool Mine(string line) => line.StartsWith("listed-", StringComparison.Ordinal);
        IEnumerable<string> Listed(string flag) => host.Runtime("list", flag).ShouldSucceed().Split('\n').Where(Mine);
    }

    [Fact]
    public void Processes_as_numbers_and_as_a_table()
    {
        host.Sleeping("shown");
        var pid = host.Pid("shown");
        host.Runtime("ps", "--format", "json", "shown").ShouldSucceed().ShouldBe($"[{pid}]");
        host.Runtime("ps", "shown", "-o", "pid,comm").ShouldSucceed().Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe([$"{pid}", "sleep"]);
        host.Runtime("ps", "--format", "xml", "shown").ShouldFail(1, "invalid format option");
    }

    [Fact]
    public void Kill_all_reaches_every_process()
    {
        // Without a pid namespace the first process's end ends nobody else.
        var bundle = host.Bundle("many", "trap '' TERM; sleep 1000 & sleep 1000 & echo up; wait; wait; exec sleep 1000", config =>
            config["linux"]!["namespaces"]!.AsArray().RemoveAll(item => item!["type"]!.GetValue<string>() == "pid"));
        using var run = host.Start("run", "--bundle", bundle, "many");
        run.Expect("up");
        int[] Pids() => JsonNode.Parse(host.Runtime("ps", "--format", "json", "many").ShouldSucceed())!.AsArray().Select(node => node!.GetValue<int>()).ToArray();
        Patience.ShouldCome(() => Pids().Count(pid => Processes.CommandLine(pid).StartsWith("sleep", StringComparison.Ordinal)) == 2, "both sleep");
        var before = Pids();
        before.Length.ShouldBe(3);
        host.Runtime("kill", "--all", "many", "INT").ShouldSucceed();
        run.Wait().ExitCode.ShouldNotBe(0);
        before.ShouldAllBe(pid => !Processes.IsAlive(pid));
    }

    [Fact]
    public void No_signal_asks_whether_there_is_somebody()
    {
        host.Sleeping("asked");
        host.Runtime("kill", "asked", "0").ShouldSucceed();
        host.Runtime("kill", "--all", "asked", "0").ShouldSucceed();
        host.Runtime("kill", "asked", "65").ExitCode.ShouldBe(1);
        host.Runtime("state", "asked").ShouldSucceed().ShouldContain("\"status\": \"running\"");
        host.Runtime("kill", "asked", "9").ShouldSucceed();
        Patience.ShouldCome(() => host.Runtime("kill", "asked", "0").ExitCode == 1, "nobody is there any more");
    }

    [Fact]
    public void Delete_of_none_is_an_error_unless_forced()
    {
        host.Runtime("delete", "none").ShouldFail(1, "container does not exist");
        host.Runtime("delete", "--force", "none").ShouldSucceed();
        host.Runtime("delete", "--force", "none").Error.ShouldBeEmpty();
    }

    [Fact]
    public void Debug_tells_every_step_of_a_launch()
    {
        var log = Path.Combine(host.Folder, "debug.json");
        var bundle = host.Bundle("debugged", "exit 0");
        host.Runtime("--debug", "--log", log, "--log-format", "json", "run", "--bundle", bundle, "debugged").ShouldSucceed();
        var lines = File.ReadAllLines(log).Select(line => JsonNode.Parse(line)!).ToArray();
        lines.ShouldAllBe(line => line["level"]!.GetValue<string>() == "debug");
        var texts = lines.Select(line => line["msg"]!.GetValue<string>()).ToArray();
        texts[0].ShouldEndWith(": run debugged");
        texts.ShouldContain(text => text.Contains("clone3", StringComparison.Ordinal));
        texts.ShouldContain(text => text.Contains("execve", StringComparison.Ordinal) && text.Contains("µs", StringComparison.Ordinal));
        host.Sleeping("watched");
        host.Runtime("--debug", "exec", "watched", "true").Error.ShouldContain("level=debug msg=\"");
        host.Runtime("exec", "watched", "true").Error.ShouldBeEmpty();
    }

    [Fact]
    public void Errors_go_to_the_log_as_runcs_do()
    {
        var (text, json) = (Path.Combine(host.Folder, "log.txt"), Path.Combine(host.Folder, "log.json"));
        host.Runtime("--log", text, "state", "none").ShouldFail(1, "container does not exist");
        File.ReadAllText(text).ShouldMatch("""^time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)" level=error msg="container does not exist"\n$""");
        host.Runtime("--log", json, "--log-format", "json", "state", "none").ExitCode.ShouldBe(1);
        host.Runtime("--log", json, "--log-format", "json", "start", "none").ExitCode.ShouldBe(1);
        var lines = File.ReadAllLines(json);
        lines.Length.ShouldBe(2);
        var line = JsonNode.Parse(lines[1])!;
        line["level"]!.GetValue<string>().ShouldBe("error");
        line["msg"]!.GetValue<string>().ShouldBe("container does not exist");
        DateTimeOffset.TryParse(line["time"]!.GetValue<string>(), out _).ShouldBeTrue();
        host.Runtime("--log-format", "xml", "list").ShouldFail(1, "xml");
    }

    [Fact]
    public void Version_and_help_are_told()
    {
        host.Runtime("--version").ShouldSucceed().Split('\n').ShouldContain(line => line.StartsWith("spec: 1.", StringComparison.Ordinal));
        var help = host.Runtime("help").ShouldSucceed();
        foreach (var command in (string[])["create", "delete", "events", "exec", "features", "kill", "list", "pause", "ps", "resume", "run", "spec", "start", "state", "update"])
        {
            help.ShouldContain($"\n   {command} ");
            host.Runtime(command, "--help").ShouldSucceed().ShouldContain("USAGE:");
        }
    }

    [Fact]
    public void Rootless_is_true_false_or_auto()
    {
        var bundle = host.Bundle("word", "true");
        host.Runtime("--rootless", "maybe", "run", "--bundle", bundle, "word").ExitCode.ShouldBe(1);
        host.Runtime("--rootless=true", "run", "--bundle", bundle, "word").ShouldSucceed();
        host.Runtime("--rootless=false", "run", "--bundle", bundle, "word").ShouldSucceed();
    }
}

using System.Text.Json;

namespace Sampan.EndToEnd.Containers;

/// <summary>top, stats and port.</summary>
public sealed class ProcessTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void Top_lists_the_processes_of_the_container_and_no_others()
    {
        var id = host.Detached("--name", "many", "-u", "1:1", "busybox", "sh", "-c", "sleep 71717 & sleep 71718 & wait");
        Patience.ShouldCome(() => host.Sampan("top", id).Lines.Count == 4, "the children are there");
        var lines = host.Sampan("top", "many").Lines;
        lines[0].ShouldMatch("^UID {17}PID {17}PPID {16}C {19}STIME {15}TTY {17}TIME {16}CMD$");
        var first = lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        first[0].ShouldBe("daemon");
        first[1].ShouldBe($"{host.Pid(id)}");
        first[5].ShouldBe("?");
        first[6].ShouldBe("00:00:00");
        lines[1].ShouldEndWith("sh -c sleep 71717 & sleep 71718 & wait");
        lines.Skip(2).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]).ShouldAllBe(parent => parent == first[1]);

        host.Sampan("exec", "-d", "many", "sleep", "71719").ShouldSucceed();
        Patience.ShouldCome(() => host.Sampan("top", id).Output.Contains("sleep 71719"), "what exec started belongs to it");
    }

    [Fact]
    public void Top_takes_the_options_of_ps_that_choose_columns()
    {
        var id = host.Detached("-t", "busybox", "sleep", "1000");
        var pid = $"{host.Pid(id)}";
        string[] Words(params string[] options) => [.. host.Sampan(["top", id, .. options]).ShouldSucceed().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Words("-o", "pid,comm").ShouldBe(["PID COMMAND", $"{pid} sleep"]);
        Words("-eo", "pid,user,stat,tty,args").ShouldBe(["PID USER STAT TT COMMAND", $"{pid} root Ss+ pts/0 sleep 1000"]);
        Words("-o", "pid", "-o", "nlwp=THREADS").ShouldBe(["PID THREADS", $"{pid} 1"]);
        Words("-e").ShouldBe(["PID TTY TIME CMD", $"{pid} pts/0 00:00:00 sleep"]);
        Words("ax").ShouldBe(["PID TTY STAT TIME COMMAND", $"{pid} pts/0 Ss+ 0:00 sleep 1000"]);
        Words("aux")[0].ShouldBe("USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND");
        host.Sampan("top", id, "-o", "comm").ShouldFailInOneLine(1, "Couldn't find PID field in ps output");
        host.Sampan("top", id, "-o", "pid,nothing").ShouldFailInOneLine(1, "unknown user-defined format specifier \"nothing\"");
        host.Sampan("top", id, "-Z").ShouldFailInOneLine(1, "unsupported ps option \"-Z\"");
        var stopped = host.Sampan("create", "busybox").ShouldSucceed();
        host.Sampan("top", stopped).ShouldFailInOneLine(1, $"container {stopped} is not running");
    }

    [Fact]
    public void Top_draws_a_tree()
    {
        var id = host.Detached("busybox", "sh", "-c", "(sleep 61611; true) & sleep 61612; true");
        Patience.ShouldCome(() => host.Sampan("top", "--tree", id).Lines.Count == 5, "the children are there");
        var lines = host.Sampan("top", "--tree", id, "-o", "pid,args").ShouldSucceed().Split('\n');
        lines[1].ShouldMatch(@"^\d+ +sh -c ");
        lines.ShouldContain(line => line.Contains("├─ ") || line.Contains("│  └─ sleep 6161"));
        lines.ShouldContain(line => line.Contains("└─ sleep 61612") || line.Contains("├─ sleep 61612"));
    }

    [Fact]
    public void Stats_tell_what_a_container_uses()
    {
        var busy = host.Detached("--name", "busy", "-m", "64m", "--cpus", "0.2", "busybox", "sh", "-c", "while :; do :; done");
        var calm = host.Detached("--name", "calm", "busybox", "sleep", "1000");
        var created = host.Sampan("create", "--name", "asleep", "busybox").ShouldSucceed();
        var lines = host.Sampan("stats", "--no-stream", "busy", "calm").ShouldSucceed().Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldMatch("^CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS$");
        lines[1].ShouldMatch($@"^{busy[..12]}   busy +\d+\.\d\d% +[0-9.]+([KM]i)?B / 64MiB +\d+\.\d\d% +0B / 0B +\S+ / \S+ +1$");
        lines[2].ShouldStartWith(calm[..12]);

        var words = host.Sampan("stats", "--no-stream", "--format", "{{.CPUPerc}} {{.Throttled}} {{.OOMKills}} {{.CPUPressure}} {{.ID}} {{.Container}}", "--no-trunc", "busy").ShouldSucceed().Split(' ');
        double.Parse(words[0].TrimEnd('%')).ShouldBeInRange(5, 60, "a fifth of a CPU");
        double.Parse(words[1].TrimEnd('%')).ShouldBeGreaterThan(0, "its quota is used up");
        words[2].ShouldBe("0");
        words[3].ShouldMatch(@"^(--|\d+\.\d\d%)$");
        words[4..].ShouldBe([busy, "busy"]);

        var all = host.Sampan("stats", "-a", "--no-stream", "--format", "json").ShouldSucceed().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(row => row.GetProperty("Name").GetString()!);
        all["asleep"].GetProperty("CPUPerc").GetString().ShouldBe("0.00%");
        all["asleep"].GetProperty("MemUsage").GetString().ShouldBe("0B / 0B");
        all["calm"].GetProperty("PIDs").GetString().ShouldBe("1");
        host.Sampan("stats", "--no-stream", "--format", "{{.Name}}").ShouldSucceed().Split('\n').ShouldNotContain("asleep");
        host.Sampan("stats", "--no-stream", created).ShouldSucceed().ShouldContain("0B / 0B");
        host.Sampan("stats", "nobody").ShouldFailInOneLine(1, "No such container: nobody");
        host.Sampan("rm", "-f", "busy").ShouldSucceed();
    }

    [Fact]
    public void Stats_count_block_devices_and_go_on_until_the_container_is_gone()
    {
        var id = host.Detached("--name", "writer", "busybox", "sh", "-c", "head -c 3000000 /dev/zero > /f; sync /f; sleep 1000");
        Patience.ShouldCome(() => host.Sampan("stats", "--no-stream", "--format", "{{.BlockIO}}", id).Text.EndsWith("MB", StringComparison.Ordinal), "what it wrote is counted");
        using var stream = host.Start("stats", "--format", "{{.Name}} here", "writer");
        stream.Expect("writer here\nwriter here\n");
        host.Sampan("rm", "-f", "writer").ShouldSucceed();
        stream.Wait().ShouldSucceed().ShouldNotContain("\e", Case.Sensitive, "no terminal, no escapes");
    }

    [Fact]
    public void Stats_redraw_a_terminal()
    {
        host.Detached("--name", "drawn", "busybox", "sleep", "1000");
        using var terminal = host.OnTerminal("stats", "drawn");
        terminal.Expect("CONTAINER ID");
        terminal.Expect("drawn");
        terminal.Expect("▁");
        terminal.Expect("\e[H");
        terminal.Expect("▁▁");
        terminal.Screen.Split('\n').ShouldAllBe(line => line.Length < 120, "nothing wraps");
        terminal.Send("\u0003");
        terminal.Wait().ShouldBe(130);
    }

    [Fact]
    public void Port_knows_of_nothing_published()
    {
        host.Detached("--name", "closed", "busybox", "sleep", "1000");
        host.Sampan("port", "closed").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("port", "closed", "80").ShouldFailInOneLine(1, "no public port '80/tcp' published for closed");
        host.Sampan("port", "closed", "80/ftp").ShouldFailInOneLine(1, "invalid proto: ftp");
        host.Sampan("port", "nobody").ShouldFailInOneLine(1, "No such container: nobody");
    }
}

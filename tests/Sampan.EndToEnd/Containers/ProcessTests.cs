namespace Sampan.EndToEnd.Containers;

/// <summary>top and port.</summary>
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
    public void Port_knows_of_nothing_published()
    {
        host.Detached("--name", "closed", "busybox", "sleep", "1000");
        host.Sampan("port", "closed").ShouldSucceed().ShouldBeEmpty();
        host.Sampan("port", "closed", "80").ShouldFailInOneLine(1, "no public port '80/tcp' published for closed");
        host.Sampan("port", "closed", "80/ftp").ShouldFailInOneLine(1, "invalid proto: ftp");
        host.Sampan("port", "nobody").ShouldFailInOneLine(1, "No such container: nobody");
    }
}

using Sampan.Cli.Commands.Containers.Top;
using Sampan.Linux;
using Sampan.Linux.Processes;

namespace Sampan.Cli.Tests.Commands.Containers;

public sealed class TopTests
{
    [Theory]
    [InlineData("", "UID PID PPID C STIME TTY TIME CMD")]
    [InlineData("-ef", "UID PID PPID C STIME TTY TIME CMD")]
    [InlineData("-e -f", "UID PID PPID C STIME TTY TIME CMD")]
    [InlineData("-A", "PID TTY TIME CMD")]
    [InlineData("ax", "PID TTY STAT TIME COMMAND")]
    [InlineData("aux", "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND")]
    [InlineData("-aux", "USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND")]
    [InlineData("-o pid,ppid -o comm", "PID PPID COMMAND")]
    [InlineData("-opid,cmd", "PID CMD")]
    [InlineData("-eo pid,etime", "PID ELAPSED")]
    [InlineData("axo pid,ni", "PID NI")]
    [InlineData("--format pid", "PID")]
    [InlineData("--format=user,pid=PID", "USER PID")]
    [InlineData("-o pid -o args=WHAT", "PID WHAT")]
    public void Options_choose_columns(string options, string headings) =>
        string.Join(' ', PsOptions.Columns(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(column => column.Heading)).ShouldBe(headings);

    [Theory]
    [InlineData("-Z", "unsupported ps option \"-Z\"")]
    [InlineData("-p 1", "unsupported ps option \"-p\"")]
    [InlineData("-o", "a list of columns must follow")]
    [InlineData("-o wrong", "unknown user-defined format specifier \"wrong\"")]
    [InlineData("-o user", "Couldn't find PID field in ps output")]
    public void Others_are_refused(string options, string message) =>
        Should.Throw<SampanException>(() => PsOptions.Columns(options.Split(' '))).Message.ShouldContain(message);

    [Fact]
    public void A_process_is_read_as_the_kernel_has_it()
    {
        var process = ProcessDetails.TryRead(Environment.ProcessId)!;
        process.Pid.ShouldBe(Environment.ProcessId);
        process.Threads.ShouldBeGreaterThan(1);
        process.ResidentBytes.ShouldBeGreaterThan(1 << 20);
        process.Arguments.ShouldNotBeEmpty();
        process.StartTicks.ShouldBe(ProcessStatus.StartTime(Environment.ProcessId));
        ProcessDetails.TryRead(int.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void Texts_are_those_of_ps()
    {
        ProcessListing.CpuTime(Made(1, 0) with { CpuTicks = 100 * (3600 + 61) }).ShouldBe("01:01:01");
        ProcessListing.CpuTime(Made(1, 0) with { CpuTicks = 100L * 86_400 * 3 }).ShouldBe("3-00:00:00");
        ProcessListing.ShortCpuTime(Made(1, 0) with { CpuTicks = 6_150 }).ShouldBe("1:01");
        ProcessListing.Clock(59).ShouldBe("00:59");
        ProcessListing.Clock(90_061).ShouldBe("1-01:01:01");
        ProcessListing.Terminal(Made(1, 0) with { Terminal = (136 << 8) + 7 }).ShouldBe("pts/7");
        ProcessListing.Terminal(Made(1, 0) with { Terminal = (137 << 8) + 1 }).ShouldBe("pts/257");
        ProcessListing.Terminal(Made(1, 0) with { Terminal = (4 << 8) + 1 }).ShouldBe("tty1");
        ProcessListing.Terminal(Made(1, 0) with { Terminal = (4 << 8) + 65 }).ShouldBe("ttyS1");
        ProcessListing.Terminal(Made(1, 0)).ShouldBe("?");
        ProcessListing.CommandLine(Made(1, 0) with { Arguments = ["a", "b\n\e[2J"] }).ShouldBe("a b??[2J");
        ProcessListing.CommandLine(Made(1, 0) with { State = 'Z', Name = "x" }).ShouldBe("[x] <defunct>");
        ProcessListing.State(Made(5, 0) with { Session = 5, Group = 5, ForegroundGroup = 5, Nice = -1, Threads = 2 }).ShouldBe("S<sl+");
    }

    [Fact]
    public void A_tree_has_branches()
    {
        ProcessDetails[] processes = [Made(10, 3), Made(11, 10), Made(12, 11), Made(13, 10), Made(20, 4)];
        ProcessTree.Of(processes).Select(row => row.Branch + row.Process.Pid).ShouldBe(["10", "├─ 11", "│  └─ 12", "└─ 13", "20"]);
    }

    private static ProcessDetails Made(int pid, int parent) => new()
    {
        Pid = pid,
        ParentPid = parent,
        Group = 0,
        Session = 0,
        Terminal = 0,
        ForegroundGroup = -1,
        State = 'S',
        Name = "made",
        Arguments = [],
        CpuTicks = 0,
        StartTicks = 0,
        Priority = 20,
        Nice = 0,
        Threads = 1,
        VirtualBytes = 0,
        ResidentBytes = 0,
        Processor = 0,
        UserId = 0,
        GroupId = 0,
    };
}

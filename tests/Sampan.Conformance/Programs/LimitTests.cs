namespace Sampan.Conformance.Programs;

/// <summary>config.md: rlimits, oomScoreAdj, scheduler, ioPriority; config-linux.md: personality.</summary>
public class LimitTests : StatementTest
{
    [Theory]
    [InlineData("RLIMIT_NOFILE", "Max open files", 100, 200)]
    [InlineData("RLIMIT_CORE", "Max core file size", 0, 0)]
    [InlineData("RLIMIT_NPROC", "Max processes", 500, 1000)]
    [InlineData("RLIMIT_STACK", "Max stack size", 4194304, 8388608)]
    [InlineData("RLIMIT_CPU", "Max cpu time", 100, 200)]
    [InlineData("RLIMIT_AS", "Max address space", 1073741824, 2147483648)]
    [InlineData("RLIMIT_FSIZE", "Max file size", 1000000, 2000000)]
    [InlineData("RLIMIT_MEMLOCK", "Max locked memory", 4096, 8192)]
    [InlineData("RLIMIT_SIGPENDING", "Max pending signals", 10, 20)]
    [InlineData("RLIMIT_MSGQUEUE", "Max msgqueue size", 1000, 2000)]
    [InlineData("RLIMIT_NICE", "Max nice priority", 0, 0)]
    [InlineData("RLIMIT_RTPRIO", "Max realtime priority", 0, 0)]
    [InlineData("RLIMIT_DATA", "Max data size", 1073741824, 2147483648)]
    [InlineData("RLIMIT_RSS", "Max resident set", 1073741824, 2147483648)]
    [InlineData("RLIMIT_LOCKS", "Max file locks", 10, 20)]
    [InlineData("RLIMIT_RTTIME", "Max realtime timeout", 1000000, 2000000)]
    [Statement("config.md#posix-process", "soft and hard limit of {0} are the configured ones")]
    public void A_limit_is_set(string type, string name, long soft, long hard)
    {
        var bundle = NewBundle().Args("/bin/grep", name, "/proc/self/limits");
        bundle.Process["rlimits"] = Json.Parse($$"""[{"type":"{{type}}","soft":{{soft}},"hard":{{hard}}}]""");
        Output(bundle)[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2].ShouldBe([soft.ToString(), hard.ToString()]);
    }

    [Fact]
    [Statement("config.md#posix-process", "a limit that is not mentioned is inherited")]
    public void Others_are_inherited()
    {
        var ours = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max msgqueue", StringComparison.Ordinal));
        Output(NewBundle().Args("/bin/grep", "Max msgqueue", "/proc/self/limits")).Trim().ShouldBe(ours.Trim());
    }

    [Fact]
    [Statement("config.md#posix-process", "a limit of a type nobody knows is an error")]
    public void An_unknown_type_is_an_error() => ShouldNotRun(NewBundle().With(b => b.Process["rlimits"] = Json.Parse("""[{"type":"RLIMIT_NOSUCH","soft":1,"hard":1}]""")));

    [Fact]
    [Statement("config.md#posix-process", "two limits of one type are an error")]
    [Differs("runc 1.1.5", "the last one counts")]
    [Differs("crun 1.8.1", "the last one counts")]
    public void Duplicates_are_an_error() =>
        ShouldNotRun(NewBundle().With(b => b.Process["rlimits"] = Json.Parse("""[{"type":"RLIMIT_CORE","soft":0,"hard":0},{"type":"RLIMIT_CORE","soft":0,"hard":0}]""")));

    [Fact]
    [Statement("config.md#posix-process", "a soft limit above the hard one is an error")]
    public void Soft_is_below_hard() => ShouldNotRun(NewBundle().With(b => b.Process["rlimits"] = Json.Parse("""[{"type":"RLIMIT_NOFILE","soft":200,"hard":100}]""")));

    [Theory]
    [InlineData(500)]
    [InlineData(1000)]
    [InlineData(0)]
    [Statement("config.md#linux-process", "oomScoreAdj is set, here {0}")]
    public void The_oom_score_is_set(int score) =>
        Output(NewBundle().Args("/bin/cat", "/proc/self/oom_score_adj").With(b => b.Process["oomScoreAdj"] = score)).ShouldBe(score.ToString());

    [Fact]
    [Statement("config.md#linux-process", "without oomScoreAdj the value is not changed")]
    public void The_oom_score_is_inherited()
    {
        var bundle = NewBundle().Args("/bin/cat", "/proc/self/oom_score_adj").Write();
        Host("echo 321 >/proc/self/oom_score_adj; \"$1\" --root \"$2\" run --bundle \"$3\" \"$4\"", OciRuntime.Program, Runtime.Root, bundle.Folder, NewId()).ShouldBe("321");
    }

    [Theory]
    [InlineData("SCHED_BATCH", "3")]
    [InlineData("SCHED_IDLE", "5")]
    [Statement("config.md#linux-process", "scheduler.policy {0} is the program's")]
    [Differs("runc 1.1.5", "does not know scheduler")]
    [Differs("crun 1.8.1", "does not know scheduler")]
    public void The_policy_is_set(string policy, string number) =>
        Output(Script("cut -d' ' -f41 /proc/self/stat").With(b => b.Process["scheduler"] = Json.Parse($$"""{"policy":"{{policy}}","nice":0}"""))).ShouldBe(number);

    [Fact]
    [Statement("config.md#linux-process", "scheduler.policy SCHED_OTHER is the program's even where the runtime's is another")]
    [Differs("runc 1.1.5", "does not know scheduler")]
    [Differs("crun 1.8.1", "does not know scheduler")]
    public void The_usual_policy_is_set()
    {
        var bundle = Script("cut -d' ' -f41 /proc/self/stat").With(b => b.Process["scheduler"] = Json.Parse("""{"policy":"SCHED_OTHER","nice":0}""")).Write();
        Host("chrt --batch 0 \"$1\" --root \"$2\" run --bundle \"$3\" \"$4\"", OciRuntime.Program, Runtime.Root, bundle.Folder, NewId()).ShouldBe("0");
    }

    [Fact]
    [Statement("config.md#linux-process", "scheduler.nice is the program's nice value")]
    [Differs("runc 1.1.5", "does not know scheduler")]
    [Differs("crun 1.8.1", "does not know scheduler")]
    public void The_nice_value_is_set() =>
        Output(Script("cut -d' ' -f19 /proc/self/stat").With(b => b.Process["scheduler"] = Json.Parse("""{"policy":"SCHED_OTHER","nice":7}"""))).ShouldBe("7");

    [Fact]
    [Statement("config.md#linux-process", "an unknown scheduler.policy is an error")]
    [Differs("runc 1.1.5", "does not know scheduler")]
    [Differs("crun 1.8.1", "does not know scheduler")]
    public void An_unknown_policy_is_an_error() => ShouldNotRun(NewBundle().With(b => b.Process["scheduler"] = Json.Parse("""{"policy":"SCHED_NOSUCH"}""")));

    [Theory]
    [InlineData("IOPRIO_CLASS_BE", 6, "best-effort: prio 6")]
    [InlineData("IOPRIO_CLASS_IDLE", 0, "idle")]
    [InlineData("IOPRIO_CLASS_RT", 2, "realtime: prio 2")]
    [Statement("config.md#linux-process", "ioPriority of class {0} is the program's")]
    [Differs("runc 1.1.5", "does not know ioPriority")]
    [Differs("crun 1.8.1", "does not know ioPriority")]
    public void The_io_priority_is_set(string type, int priority, string shown) =>
        Output(Script("ionice -p $$").With(b => b.Process["ioPriority"] = Json.Parse($$"""{"class":"{{type}}","priority":{{priority}}}"""))).ShouldStartWith(shown);

    [Fact]
    [Statement("config.md#linux-process", "an unknown ioPriority.class is an error")]
    [Differs("runc 1.1.5", "does not know ioPriority")]
    [Differs("crun 1.8.1", "does not know ioPriority")]
    public void An_unknown_io_class_is_an_error() => ShouldNotRun(NewBundle().With(b => b.Process["ioPriority"] = Json.Parse("""{"class":"IOPRIO_CLASS_NOSUCH","priority":1}""")));

    [Theory]
    [InlineData("LINUX32", "i686")]
    [Statement("config-linux.md#personality", "personality {0} is what uname shows")]
    [Differs("runc 1.1.5", "does not know personality")]
    public void The_personality_is_set(string domain, string machine)
    {
        Assert.SkipUnless(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "the names are those of x86");
        Output(NewBundle().Args("/bin/uname", "-m").With(b => b.Linux["personality"] = Json.Parse($$"""{"domain":"{{domain}}"}"""))).ShouldBe(machine);
    }

    [Fact]
    [Statement("config-linux.md#personality", "personality LINUX is set even where the runtime's is another")]
    [Differs("runc 1.1.5", "does not know personality")]
    public void The_usual_personality_is_set()
    {
        var bundle = NewBundle().Args("/bin/uname", "-m").With(b => b.Linux["personality"] = Json.Parse("""{"domain":"LINUX"}""")).Write();
        Host("setarch linux32 \"$1\" --root \"$2\" run --bundle \"$3\" \"$4\"", OciRuntime.Program, Runtime.Root, bundle.Folder, NewId()).ShouldNotBe(Host("setarch linux32 uname -m"));
    }

    [Fact]
    [Statement("config-linux.md#personality", "an unknown personality is an error")]
    [Differs("runc 1.1.5", "does not know personality")]
    public void An_unknown_personality_is_an_error() => ShouldNotRun(NewBundle().With(b => b.Linux["personality"] = Json.Parse("""{"domain":"SOLARIS"}""")));

    [Theory]
    [InlineData("apparmorProfile")]
    [InlineData("selinuxLabel")]
    [Statement("config.md#valid-values", "{0} on a host without it is an error: an unsupported value")]
    public void Labels_need_their_module(string property)
    {
        Assert.SkipWhen(Directory.Exists(property[0] == 'a' ? "/sys/kernel/security/apparmor" : "/sys/fs/selinux"), "this host has it");
        ShouldNotRun(NewBundle().With(b => b.Process[property] = "some_profile"));
    }
}

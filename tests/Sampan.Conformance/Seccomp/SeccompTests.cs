using System.Runtime.InteropServices;

namespace Sampan.Conformance.Seccomp;

/// <summary>config-linux.md, "Seccomp": actions, arguments, and what is an error.</summary>
public class SeccompTests : StatementTest
{
    // What a shell, and a runtime on its way to it, needs: everything a default-deny test allows.
    private const string Needed = """
        "access","arch_prctl","brk","capget","capset","chdir","clone","clone3","close","close_range","dup","dup2","dup3","epoll_create1","epoll_ctl","epoll_pwait","epoll_wait","eventfd2",
        "execve","execveat","exit","exit_group","faccessat","faccessat2","fchdir","fchown","fcntl","fork","fstat","fstatfs","futex","getcwd","getdents64","getegid","geteuid","getgid","getpgrp","getpid",
        "getppid","getrandom","getrlimit","getsockopt","gettid","getuid","ioctl","lseek","lstat","madvise","mmap","mprotect","mremap","munmap","nanosleep","newfstatat","open","openat","openat2",
        "pidfd_send_signal","pipe","pipe2","poll","ppoll","prctl","pread64","prlimit64","read","readlink","readlinkat","recvfrom","recvmsg","rseq","rt_sigaction","rt_sigprocmask","rt_sigreturn","sched_getaffinity",
        "sched_yield","sendmsg","sendto","set_robust_list","set_tid_address","setgid","setgroups","setpgid","setresgid","setresuid","setsid","setuid","sigaltstack","stat","statfs","statx","tgkill",
        "umask","uname","unlink","unlinkat","vfork","wait4","waitid","write","writev"
        """;

    [Fact]
    [Statement("config-linux.md#seccomp", "SCMP_ACT_ERRNO makes a call fail, with EPERM unless told otherwise")]
    public void Errno_is_eperm() => Output(Mkdir("""{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}""")).ShouldContain("not permitted");

    [Theory]
    [InlineData(38, "not implemented")]
    [InlineData(28, "No space")]
    [InlineData(1, "not permitted")]
    [Statement("config-linux.md#seccomp", "errnoRet is the error a call fails with, here {0}")]
    public void Errno_is_the_configured(int errno, string message) =>
        Output(Mkdir($$"""{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":{{errno}}}""")).ShouldContain(message);

    [Fact]
    [Statement("config-linux.md#seccomp", "calls no rule names get the default action")]
    public void The_default_action_is_for_the_rest() =>
        Output(With($$"""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":[{{Needed}}],"action":"SCMP_ACT_ALLOW"}]}""", "mkdir /made 2>&1; echo end")).ShouldMatch("not permitted[^$]*end$");

    [Fact]
    [Statement("config-linux.md#seccomp", "defaultErrnoRet is the error calls no rule names fail with")]
    public void The_default_errno_is_the_configured() =>
        Output(With($$"""{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"syscalls":[{"names":[{{Needed}}],"action":"SCMP_ACT_ALLOW"}]}""", "mkdir /made 2>&1; echo end")).ShouldMatch("not implemented[^$]*end$");

    [Theory]
    [InlineData("SCMP_ACT_KILL")]
    [InlineData("SCMP_ACT_KILL_PROCESS")]
    [InlineData("SCMP_ACT_KILL_THREAD")]
    [InlineData("SCMP_ACT_TRAP")]
    [Statement("config-linux.md#seccomp", "{0} ends the program that calls, with SIGSYS")]
    public void The_program_is_ended(string action) =>
        Output(With($$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"{{action}}"}]}""", "/bin/busybox mkdir /made 2>/dev/null; echo $?")).ShouldEndWith("159");

    [Theory]
    [InlineData("SCMP_ACT_ALLOW")]
    [InlineData("SCMP_ACT_LOG")]
    [Statement("config-linux.md#seccomp", "{0} lets a call through")]
    public void The_call_is_made(string action) =>
        Output(With($$"""{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":[{{Needed}}],"action":"SCMP_ACT_ALLOW"},{"names":["mkdir","mkdirat"],"action":"{{action}}"}]}""", "mkdir /made && echo made")).ShouldBe("made");

    [Fact]
    [Statement("config-linux.md#seccomp", "SCMP_ACT_TRACE without a tracer makes a call fail with ENOSYS")]
    public void Trace_needs_a_tracer() => Output(Mkdir("""{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_TRACE"}""")).ShouldContain("not implemented");

    [Theory]
    [InlineData("SCMP_CMP_EQ", 448, 0, "700")]
    [InlineData("SCMP_CMP_NE", 448, 0, "600 755 777")]
    [InlineData("SCMP_CMP_LT", 448, 0, "600")]
    [InlineData("SCMP_CMP_LE", 448, 0, "600 700")]
    [InlineData("SCMP_CMP_GT", 448, 0, "755 777")]
    [InlineData("SCMP_CMP_GE", 448, 0, "700 755 777")]
    [InlineData("SCMP_CMP_MASKED_EQ", 7, 5, "755")]
    [Statement("config-linux.md#seccomp", "{0} compares an argument")]
    public void Arguments_are_compared(string op, int value, int second, string refused)
    {
        OnlyX64();
        var filter = $$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["chmod"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":{{value}},"valueTwo":{{second}},"op":"{{op}}"}]}]}""";
        Output(With(filter, "for mode in 600 700 755 777; do chmod $mode /etc/passwd 2>/dev/null || echo $mode; done | xargs echo")).ShouldBe(refused);
    }

    [Fact]
    [Statement("config-linux.md#seccomp", "all args of a rule must match")]
    public void All_arguments_must_match()
    {
        OnlyX64();
        var filter = """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["chown","lchown"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":5,"op":"SCMP_CMP_EQ"},{"index":2,"value":6,"op":"SCMP_CMP_EQ"}]}]}""";
        Output(With(filter, "for who in 5:6 5:7 4:6; do chown $who /etc/passwd 2>/dev/null || echo $who; done")).ShouldBe("5:6");
    }

    [Fact]
    [Statement("config-linux.md#seccomp", "a 64-bit value is compared with all its bits")]
    public void Values_have_64_bits()
    {
        OnlyX64();
        var filter = """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["chmod"],"action":"SCMP_ACT_ERRNO","args":[{"index":1,"value":4294967744,"op":"SCMP_CMP_EQ"}]}]}""";
        Output(With(filter, "chmod 700 /etc/passwd && echo allowed")).ShouldBe("allowed");
    }

    [Fact]
    [Statement("config-linux.md#seccomp", "the filter is on in the program, and its children inherit it")]
    public void It_is_on() =>
        Output(With("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""", "grep Seccomp: /proc/1/status; grep Seccomp: /proc/self/status")).ShouldBe("Seccomp:\t2\nSeccomp:\t2");

    [Fact]
    [Statement("config-linux.md#seccomp", "without seccomp there is no filter")]
    public void It_is_off_by_default() => Output(Script("grep Seccomp: /proc/self/status")).ShouldBe("Seccomp:\t" + OurMode());

    [Fact]
    [Statement("config-linux.md#seccomp", "the filter is on for a program that is not root's, without noNewPrivileges")]
    public void It_is_on_for_other_users() =>
        Output(Mkdir("""{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}""").With(b => b.Process["user"] = Json.Parse("""{"uid":1,"gid":1}"""))).ShouldContain("not implemented");

    [Fact]
    [Statement("config-linux.md#seccomp", "architectures may be more than the host's own")]
    public void More_architectures_are_fine()
    {
        OnlyX64();
        var filter = """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"],"syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}]}""";
        Output(With(filter, "mkdir /made 2>&1 || true")).ShouldContain("not permitted");
    }

    [Theory]
    [InlineData("SECCOMP_FILTER_FLAG_LOG")]
    [InlineData("SECCOMP_FILTER_FLAG_SPEC_ALLOW")]
    [InlineData("SECCOMP_FILTER_FLAG_TSYNC")]
    [Statement("config-linux.md#seccomp", "the flag {0} is known")]
    [Differs("runc 1.1.5", "refuses all flags")]
    public void A_flag_is_known(string flag) =>
        Output(With($$"""{"defaultAction":"SCMP_ACT_ALLOW","flags":["{{flag}}"],"syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}]}""", "mkdir /made 2>&1 || true")).ShouldContain("not permitted");

    [Theory]
    [InlineData("an unknown action", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOSUCH"}]}""")]
    [InlineData("an unknown default action", """{"defaultAction":"SCMP_ACT_NOSUCH"}""")]
    [InlineData("a missing default action", """{"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("a missing action", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"]}]}""")]
    [InlineData("an unknown operator", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":1,"op":"SCMP_CMP_NOSUCH"}]}]}""")]
    [InlineData("an argument no call has", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO","args":[{"index":6,"value":1,"op":"SCMP_CMP_EQ"}]}]}""")]
    [InlineData("an unknown architecture", """{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_NOSUCH"],"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("an unknown flag", """{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_NOSUCH"],"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("a rule without names", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":[],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("errnoRet of an action without one", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_KILL","errnoRet":2}]}""")]
    [InlineData("defaultErrnoRet of an action without one", """{"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":2,"syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("SCMP_ACT_NOTIFY without listenerPath", """{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}]}""")]
    [InlineData("listenerMetadata without listenerPath", """{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [Statement("config-linux.md#seccomp", "{0} is an error")]
    [Differs("runc 1.1.5", "accepts it", Rows = ["a rule without names", "defaultErrnoRet of an action without one", "errnoRet of an action without one", "listenerMetadata without listenerPath"])]
    [Differs("crun 1.8.1", "accepts it", Rows = ["SCMP_ACT_NOTIFY without listenerPath", "a rule without names", "listenerMetadata without listenerPath"])]
    public void Nonsense_is_an_error(string what, string filter) => Run(With(filter, "true")).ExitCode.ShouldNotBe(0, what);

    [Theory]
    [InlineData("SCMP_ACT_ERRNO")]
    [InlineData("SCMP_ACT_KILL_PROCESS")]
    [InlineData("SCMP_ACT_KILL_THREAD")]
    [Statement("config-linux.md#seccomp", "a filter that lets nothing through ({0}) ends the start with an error, it does not hang")]
    [Differs("runc 1.1.5", "hangs", Rows = ["SCMP_ACT_KILL_THREAD"])]
    public void A_filter_for_nothing_ends(string action) => Run(With($$"""{"defaultAction":"{{action}}"}""", "true")).ExitCode.ShouldNotBe(0);

    private static void OnlyX64() => Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "the system calls are those of x86-64");

    private static string OurMode() => File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Seccomp:", StringComparison.Ordinal))[8..].Trim();

    private Bundle Mkdir(string rule) => With($$"""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{{rule}}]}""", "mkdir /made 2>&1 || true");

    private Bundle With(string filter, string script) => Script(script).With(b => b.Linux["seccomp"] = Json.Parse(filter));
}

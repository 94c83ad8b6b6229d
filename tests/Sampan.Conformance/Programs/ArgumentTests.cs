namespace Sampan.Conformance.Programs;

/// <summary>config.md, "Process": args, env, cwd.</summary>
public class ArgumentTests : StatementTest
{
    [Fact]
    [Statement("config.md#process", "args arrive as they are: spaces, quotes, empty ones, UTF-8")]
    public void Arguments_arrive()
    {
        var bundle = NewBundle().Args("/bin/sh", "-c", "for a; do echo \"[$a]\"; done", "sh", "a b", "", "'\"$x", "ü\n2");
        Output(bundle).ShouldBe("[a b]\n[]\n['\"$x]\n[ü\n2]");
    }

    [Fact]
    [Statement("config.md#process", "args[0] is what the program sees as its name")]
    public void The_name_is_the_first() =>
        Output(NewBundle().Args("cat", "/proc/self/cmdline")).ShouldBe("cat\0/proc/self/cmdline\0");

    [Fact]
    [Statement("config.md#process", "a program without a slash is looked up in PATH of its environment")]
    public void The_path_is_searched()
    {
        var bundle = NewBundle().Args("only-here").With(b => b.Process["env"] = new JsonArray("PATH=/nowhere:/opt:/bin"));
        Directory.CreateDirectory(bundle.In("opt"));
        Executable.WriteScript(bundle.In("opt/only-here"), "echo found");
        Output(bundle).ShouldBe("found");
    }

    [Fact]
    [Statement("config.md#process", "a program with a slash and no leading one is below cwd")]
    public void A_relative_program_is_below_cwd() =>
        Output(NewBundle().Args("bin/echo", "found")).ShouldBe("found");

    [Fact]
    [Statement("config.md#process", "args without an entry are an error")]
    public void One_entry_is_required() => ShouldNotRun(NewBundle().Args());

    [Fact]
    [Statement("config.md#process", "missing args are an error")]
    public void Arguments_are_required() => ShouldNotRun(NewBundle().With(b => b.Process.Remove("args")));

    [Fact]
    [Statement("config.md#process", "a program that is not executable is an error")]
    public void A_program_is_executable() => ShouldNotRun(NewBundle().Args("/etc/passwd"));

    [Fact]
    [Statement("config.md#process", "a program that is a folder is an error")]
    public void A_program_is_a_file() => ShouldNotRun(NewBundle().Args("/bin"));

    [Fact]
    [Statement("config.md#process", "a program PATH does not lead to is an error")]
    public void A_program_is_found() => ShouldNotRun(NewBundle().Args("nosuchprogram"));

    [Fact]
    [Statement("config.md#process", "env is what the program finds in its environment, in order and with values as they are")]
    public void The_environment_arrives()
    {
        var bundle = NewBundle().Args("/bin/cat", "/proc/self/environ").With(b => b.Process["env"] = new JsonArray("PATH=/bin", "HOME=/home", "EMPTY=", "TWO=a=b c", "U=ü"));
        Output(bundle).ShouldBe("PATH=/bin\0HOME=/home\0EMPTY=\0TWO=a=b c\0U=ü\0");
    }

    [Fact]
    [Statement("config.md#process", "nothing of the runtime's own environment reaches the program")]
    public void The_runtimes_environment_stays_outside()
    {
        var names = Output(NewBundle().Args("/bin/env").With(b => b.Process["env"] = new JsonArray("PATH=/bin", "HOME=/"))).Split('\n').Select(line => line.Split('=')[0]);
        names.ShouldBe(["PATH", "HOME"], ignoreOrder: true);
    }

    [Fact]
    [Statement("config.md#process", "env may be absent")]
    public void The_environment_is_optional() => Output(NewBundle().Args("/bin/echo", "fine").With(b => b.Process.Remove("env"))).ShouldBe("fine");

    [Fact]
    [Statement("config.md#process", "the program starts in cwd")]
    public void It_starts_in_cwd() => Output(NewBundle().Args("/bin/pwd").With(b => b.Process["cwd"] = "/root")).ShouldBe("/root");

    [Theory]
    [InlineData("root")]
    [InlineData("./root")]
    [InlineData("")]
    [Statement("config.md#process", "cwd must be absolute, \"{0}\" is an error")]
    [Differs("crun 1.8.1", "takes it relative to /", Rows = ["./root", "root"])]
    public void Cwd_is_absolute(string cwd) => ShouldNotRun(NewBundle().With(b => b.Process["cwd"] = cwd));

    [Fact]
    [Statement("config.md#process", "cwd is required")]
    public void Cwd_is_required() => ShouldNotRun(NewBundle().With(b => b.Process.Remove("cwd")));

    [Fact]
    [Statement("config.md#process", "a cwd that is a file is an error")]
    public void Cwd_is_a_folder() => ShouldNotRun(NewBundle().With(b => b.Process["cwd"] = "/etc/passwd"));

    [Fact]
    [Statement("config.md#process", "a cwd that is a link is followed inside the container")]
    public void Cwd_is_inside()
    {
        var bundle = NewBundle().Args("/bin/ls").With(b => b.Process["cwd"] = "/link");
        File.CreateSymbolicLink(bundle.In("link"), Folder);
        Directory.CreateDirectory(bundle.In(Folder));
        File.WriteAllText(bundle.In(Folder) + "/inside", "");
        Output(bundle).ShouldBe("inside");
    }

    [Fact]
    [Statement("runtime-linux.md#file-descriptors", "only standard input, output and error are open in the program")]
    public void Three_descriptors_are_open()
    {
        var container = Create(NewBundle().Args("/bin/sleep", "1000")).Start();
        Patience.ShouldCome(() => container.Proc("cmdline").StartsWith("/bin/sleep", StringComparison.Ordinal), "the program does not start");
        Directory.GetFiles($"/proc/{container.First.Pid}/fd").Select(Path.GetFileName).Order().ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    [Statement("runtime-linux.md#file-descriptors", "standard streams are those of create")]
    public void Streams_are_those_of_create()
    {
        var container = Create(Script("read line; echo out $line; echo error $line >&2")).Start();
        container.Command.Send("given");
        container.WaitForStop();
        var result = container.Command.Wait();
        result.Output.ShouldBe("out given\n");
        result.Error.ShouldEndWith("error given\n");
    }
}

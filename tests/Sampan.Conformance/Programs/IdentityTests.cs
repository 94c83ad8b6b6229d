namespace Sampan.Conformance.Programs;

/// <summary>config.md, "User".</summary>
public class IdentityTests : StatementTest
{
    [Fact]
    [Statement("config.md#user", "the program runs as uid and gid: real, effective, saved and file system ids")]
    public void It_runs_as_the_user()
    {
        var lines = Output(Script("grep -E '^(Uid|Gid)' /proc/self/status").With(b => b.Process["user"] = Json.Parse("""{"uid":1234,"gid":2345}""")));
        lines.ShouldBe("Uid:\t1234\t1234\t1234\t1234\nGid:\t2345\t2345\t2345\t2345");
    }

    [Fact]
    [Statement("config.md#user", "additionalGids are the program's supplementary groups")]
    public void Additional_groups_are_set() =>
        Output(Script("sed -n 's/^Groups:[[:space:]]*//p' /proc/self/status").With(b => b.Process["user"] = Json.Parse("""{"uid":1,"gid":1,"additionalGids":[5,60000]}"""))).Trim().ShouldBe("5 60000");

    [Fact]
    [Statement("config.md#user", "without additionalGids there are no supplementary groups of the runtime's")]
    public void No_groups_are_inherited() => Output(Script("sed -n 's/^Groups:[[:space:]]*//p' /proc/self/status")).Trim().ShouldBeOneOf("", "0");

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(511)]
    [Statement("config.md#user", "umask is the program's, here {0}")]
    public void The_umask_is_set(int umask) =>
        Output(Script("umask").With(b => b.Process["user"]!["umask"] = umask)).ShouldBe("0" + Convert.ToString(umask, 8).PadLeft(3, '0'));

    [Fact]
    [Statement("config.md#user", "without umask it is the caller's")]
    [Differs("sampan-runtime", "sets 022, as runc does")]
    [Differs("runc 1.1.5", "sets 022")]
    [Differs("crun 1.8.1", "sets 022")]
    public void The_umask_is_inherited()
    {
        var bundle = Script("umask").Write();
        Host("umask 0137; \"$1\" --root \"$2\" run --bundle \"$3\" \"$4\"", OciRuntime.Program, Runtime.Root, bundle.Folder, NewId()).ShouldBe("0137");
    }

    [Fact]
    [Statement("config.md#user", "user ids that are not of a user in /etc/passwd are fine")]
    public void A_user_needs_no_name() =>
        Output(Script("id -u").With(b => b.Process["user"] = Json.Parse("""{"uid":54321,"gid":54321}"""))).ShouldBe("54321");

    [Fact]
    [Statement("config.md#user", "ids are those of the kernel, up to 4294967294")]
    [Differs("runc 1.1.5", "takes ids up to 2147483647")]
    public void An_id_may_be_large() =>
        Output(Script("id -u").With(b => b.Process["user"] = Json.Parse("""{"uid":4294967294,"gid":4294967294}"""))).ShouldBe("4294967294");

    [Theory]
    [InlineData("""{"uid":-1,"gid":0}""")]
    [InlineData("""{"uid":"root","gid":0}""")]
    [InlineData("""{"uid":4294967296,"gid":0}""")]
    [Statement("config.md#valid-values", "a user that is no number of a user is an error: {0}")]
    [Differs("crun 1.8.1", "takes it for 0", Rows = ["{\"uid\":\"root\",\"gid\":0}"])]
    public void A_user_is_a_number(string user) => ShouldNotRun(NewBundle().With(b => b.Process["user"] = Json.Parse(user)));

    [Fact]
    [Statement("config.md#user", "a program of another user cannot read what only root may")]
    public void The_user_counts()
    {
        var bundle = Script("cat /secret 2>/dev/null || echo refused").With(b => b.Process["user"] = Json.Parse("""{"uid":1,"gid":1}"""));
        bundle.Process.Remove("capabilities");
        File.WriteAllText(bundle.In("secret"), "secret");
        File.SetUnixFileMode(bundle.In("secret"), UnixFileMode.UserRead);
        Output(bundle).ShouldBe("refused");
    }
}

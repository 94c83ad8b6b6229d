namespace Sampan.Conformance.Programs;

/// <summary>config.md, "Linux Process": capabilities and noNewPrivileges.</summary>
public class CapabilityTests : StatementTest
{
    // Bit numbers of capabilities(7): CHOWN 0, KILL 5, NET_BIND_SERVICE 10, NET_RAW 13.
    private const string All = """["CAP_CHOWN","CAP_KILL","CAP_NET_BIND_SERVICE","CAP_NET_RAW"]""";

    [Theory]
    [InlineData("bounding", "CapBnd")]
    [InlineData("effective", "CapEff")]
    [InlineData("permitted", "CapPrm")]
    [InlineData("inheritable", "CapInh")]
    [InlineData("ambient", "CapAmb")]
    [Statement("config.md#linux-process", "the {0} set is the configured one, and nothing else")]
    public void A_set_is_what_was_asked_for(string set, string field)
    {
        var bundle = Reporting(field);
        bundle.Process["user"] = Json.Parse("""{"uid":1,"gid":1}""");
        bundle.Process["capabilities"] = Json.Parse($$"""{"bounding":{{All}},"effective":{{All}},"permitted":{{All}},"inheritable":{{All}},"ambient":{{All}}}""");
        Output(bundle).ShouldBe((0x2421).ToString("x16"), set);
    }

    [Fact]
    [Statement("config.md#linux-process", "the bounding set may be wider than the others")]
    public void The_bounding_set_is_its_own()
    {
        var bundle = NewBundle().Args("/bin/grep", "-E", "^Cap(Bnd|Amb|Inh)", "/proc/self/status");
        bundle.Process["capabilities"] = Json.Parse($$"""{"bounding":{{All}},"permitted":["CAP_KILL"],"effective":["CAP_KILL"]}""");
        Output(bundle).ShouldBe("CapInh:\t0000000000000000\nCapBnd:\t0000000000002421\nCapAmb:\t0000000000000000");
    }

    [Fact]
    [Statement("config.md#linux-process", "with empty sets a program of root has none")]
    public void None_are_none()
    {
        var bundle = Reporting("CapEff");
        bundle.Process["capabilities"] = Json.Parse("""{"bounding":[],"permitted":[],"effective":[],"inheritable":[],"ambient":[]}""");
        Output(bundle).ShouldBe("0000000000000000");
    }

    [Fact]
    [Statement("config.md#linux-process", "what is not in the sets cannot be done: chown without CAP_CHOWN")]
    public void They_are_enforced()
    {
        var bundle = Script("chown 1 /etc/passwd 2>/dev/null || echo refused");
        bundle.Process["capabilities"] = Json.Parse("""{"bounding":["CAP_KILL"],"permitted":["CAP_KILL"],"effective":["CAP_KILL"]}""");
        Output(bundle).ShouldBe("refused");
    }

    [Fact]
    [Statement("config.md#linux-process", "ambient capabilities survive for a program that is not root's")]
    public void Ambient_ones_survive()
    {
        var bundle = Reporting("CapEff");
        bundle.Process["user"] = Json.Parse("""{"uid":1000,"gid":1000}""");
        bundle.Process["capabilities"] = Json.Parse("""{"bounding":["CAP_KILL"],"permitted":["CAP_KILL"],"effective":["CAP_KILL"],"inheritable":["CAP_KILL"],"ambient":["CAP_KILL"]}""");
        Output(bundle).ShouldBe((0x20).ToString("x16"));
    }

    [Fact]
    [Statement("config.md#linux-process", "a program that is not root's has no effective capabilities without ambient ones")]
    public void Others_have_none()
    {
        var bundle = Reporting("CapEff");
        bundle.Process["user"] = Json.Parse("""{"uid":1000,"gid":1000}""");
        Output(bundle).ShouldBe("0000000000000000");
    }

    [Fact]
    [Statement("config.md#linux-process", "a capability nobody knows is a warning, not an error")]
    public void An_unknown_one_is_a_warning() => Output(Script("echo fine").Capability("CAP_NOSUCH")).ShouldBe("fine");

    [Fact]
    [Statement("config.md#linux-process", "a capability the runtime itself has not is a warning, not an error")]
    [Differs("runc 1.1.5", "fails with EPERM")]
    [Differs("crun 1.8.1", "fails with EPERM")]
    public void One_that_cannot_be_granted_is_a_warning()
    {
        Assert.SkipUnless((Convert.ToUInt64(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapBnd", StringComparison.Ordinal))[8..].Trim(), 16) & (1UL << 24)) == 0, "this host lacks no capability");
        Output(Script("echo fine").Capability("CAP_SYS_RESOURCE")).ShouldBe("fine");
    }

    [Fact]
    [Statement("config.md#linux-process", "noNewPrivileges sets no_new_privs")]
    public void No_new_privileges_is_set()
    {
        var bundle = Reporting("NoNewPrivs").With(b => b.Process["noNewPrivileges"] = true);
        Output(bundle).ShouldBe("1");
    }

    [Fact]
    [Statement("config.md#linux-process", "without noNewPrivileges no_new_privs is not set")]
    public void No_new_privileges_is_off_by_default() => Output(Reporting("NoNewPrivs")).ShouldBe("0");

    [Fact]
    [Statement("config.md#linux-process", "with noNewPrivileges a set-user-id program gains nothing")]
    public void A_set_user_id_program_gains_nothing()
    {
        var bundle = NewBundle().Args("/bin/grep", "^Uid", "/proc/self/status").With(b => b.Process["noNewPrivileges"] = true);
        bundle.Process["user"] = Json.Parse("""{"uid":1000,"gid":1000}""");
        Executable.Copy("/bin/busybox", bundle.In("/bin/suid"));
        File.SetUnixFileMode(bundle.In("/bin/suid"), (UnixFileMode)0b100_111_101_101);
        File.Delete(bundle.In("/bin/grep"));
        File.CreateSymbolicLink(bundle.In("/bin/grep"), "suid");
        Output(bundle).ShouldBe("Uid:\t1000\t1000\t1000\t1000");
    }

    private Bundle Reporting(string field) => NewBundle().Args("/bin/sed", "-n", $"s/^{field}:[[:space:]]*//p", "/proc/self/status");
}

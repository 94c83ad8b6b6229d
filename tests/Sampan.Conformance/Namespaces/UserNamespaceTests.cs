namespace Sampan.Conformance.Namespaces;

/// <summary>config-linux.md, "User namespace mappings".</summary>
public class UserNamespaceTests : StatementTest
{
    [Theory]
    [InlineData("uid")]
    [InlineData("gid")]
    [Statement("config-linux.md#user-namespace-mappings", "{0}Mappings are the mapping of the user namespace")]
    public void The_mapping_is_set(string kind)
    {
        var map = Create(Waiting().UserNamespace()).Start().Proc(kind + "_map");
        map.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ShouldBe(["0", "100000", "65536"]);
    }

    [Fact]
    [Statement("config-linux.md#user-namespace-mappings", "several entries are one mapping")]
    public void Several_entries_are_set()
    {
        var bundle = Waiting().UserNamespace();
        bundle.Linux["uidMappings"] = Json.Parse("""[{"containerID":0,"hostID":100000,"size":10},{"containerID":10,"hostID":200000,"size":20}]""");
        Create(bundle).Start().Proc("uid_map").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ShouldBe(["0", "100000", "10", "10", "200000", "20"]);
    }

    [Fact]
    [Statement("config-linux.md#user-namespace-mappings", "root of the container is the mapped user of the host")]
    public void Root_is_the_mapped_user()
    {
        var bundle = Script("id -u; read line").UserNamespace();
        var container = Create(bundle).Start();
        container.Command.Expect("0");
        container.First.Status("Uid").ShouldBe("100000\t100000\t100000\t100000");
    }

    [Fact]
    [Statement("config.md#user", "the user is a user of the container's namespace")]
    public void The_user_is_the_containers()
    {
        var container = Create(Waiting().UserNamespace().With(b => b.Process["user"] = Json.Parse("""{"uid":7,"gid":8}"""))).Start();
        container.First.Status("Uid").ShouldStartWith("100007");
        container.First.Status("Gid").ShouldStartWith("100008");
    }

    [Fact]
    [Statement("config-linux.md#user-namespace-mappings", "the owners of the root file system are not changed")]
    public void Owners_stay()
    {
        var container = Create(Waiting().UserNamespace()).Start();
        Host("stat -c %u:%g \"$1\"", container.Bundle.In("/bin/busybox")).ShouldBe("0:0");
    }

    [Fact]
    [Statement("config-linux.md#devices", "owners of devices are users of the container's namespace")]
    public void Device_owners_are_the_containers()
    {
        var bundle = Script("stat -c %u:%g /dev/null").UserNamespace();
        Output(bundle).ShouldBeOneOf("0:0", "65534:65534");
    }

    [Fact]
    [Statement("config-linux.md#default-devices", "default devices work in a user namespace")]
    public void Default_devices_work() => Output(Script("echo gone >/dev/null && head -c 3 /dev/zero | wc -c").UserNamespace()).ShouldBe("3");

    [Fact]
    [Statement("config-linux.md#user-namespace-mappings", "a program in a user namespace cannot touch files of users that are not mapped")]
    public void Unmapped_users_are_protected()
    {
        var bundle = Script("(echo new >/etc/passwd) 2>/dev/null || echo refused").UserNamespace();
        Output(bundle).ShouldBe("refused");
    }

    [Fact]
    [Statement("config-linux.md#user-namespace-mappings", "mappings without a user namespace do not map")]
    public void Mappings_need_the_namespace()
    {
        var bundle = Script("id -u").With(b => b.Linux["uidMappings"] = Json.Parse("""[{"containerID":0,"hostID":100000,"size":65536}]"""));
        var result = Run(bundle);
        (result.ExitCode != 0 || result.Text == "0").ShouldBeTrue(result.ToString());
    }
}

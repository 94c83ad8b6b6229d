namespace Sampan.Conformance.Namespaces;

/// <summary>config.md, "Hostname", "Domainname"; config-linux.md, "Sysctl".</summary>
public class NameTests : StatementTest
{
    [Fact]
    [Statement("config.md#hostname", "hostname is the container's")]
    public void The_hostname_is_set() => Output(Script("hostname").With(b => b.Config["hostname"] = "mrsdalloway")).ShouldBe("mrsdalloway");

    [Fact]
    [Statement("config.md#hostname", "the host keeps its own hostname")]
    public void The_hosts_hostname_stays()
    {
        var ours = File.ReadAllText("/proc/sys/kernel/hostname");
        Create(Waiting().With(b => b.Config["hostname"] = "mrsdalloway")).Start();
        File.ReadAllText("/proc/sys/kernel/hostname").ShouldBe(ours);
    }

    [Fact]
    [Statement("config.md#hostname", "without hostname the name is the runtime's")]
    public void The_hostname_is_optional() =>
        Output(Script("hostname").With(b => b.Config.Remove("hostname"))).ShouldBe(File.ReadAllText("/proc/sys/kernel/hostname").Trim());

    [Fact]
    [Statement("config.md#domainname", "domainname is the container's")]
    [Differs("runc 1.1.5", "does not know domainname")]
    public void The_domainname_is_set() =>
        Output(NewBundle().Args("/bin/cat", "/proc/sys/kernel/domainname").With(b => b.Config["domainname"] = "foobarbaz.test")).ShouldBe("foobarbaz.test");

    [Theory]
    [InlineData("net.ipv4.ip_forward", "1")]
    [InlineData("net.core.somaxconn", "256")]
    [InlineData("kernel.msgmax", "4096")]
    [InlineData("kernel.shm_rmid_forced", "1")]
    [InlineData("fs.mqueue.msg_max", "77")]
    [InlineData("net/ipv4/ip_default_ttl", "99")]
    [Statement("config-linux.md#sysctl", "{0} is set inside")]
    public void A_parameter_is_set(string name, string value) =>
        Output(NewBundle().Args("/bin/cat", "/proc/sys/" + (name.Contains('/') ? name : name.Replace('.', '/'))).With(b => b.Linux["sysctl"] = new JsonObject { [name] = value })).ShouldBe(value);

    [Fact]
    [Statement("config-linux.md#sysctl", "the host's parameter stays")]
    public void The_hosts_parameter_stays()
    {
        var ours = File.ReadAllText("/proc/sys/net/core/somaxconn");
        Create(Waiting().With(b => b.Linux["sysctl"] = Json.Parse("""{"net.core.somaxconn":"257"}"""))).Start();
        File.ReadAllText("/proc/sys/net/core/somaxconn").ShouldBe(ours);
    }

    [Fact]
    [Statement("config-linux.md#sysctl", "a parameter of a namespace that is the runtime's own is an error")]
    public void The_runtimes_namespace_is_protected()
    {
        // The value is the host's own, so that a runtime that lets it through changes nothing.
        var value = File.ReadAllText("/proc/sys/net/core/somaxconn").Trim();
        ShouldBeRefused(NewBundle().WithoutNamespace("network").With(b => b.Linux["sysctl"] = new JsonObject { ["net.core.somaxconn"] = value }));
    }

    [Fact]
    [Statement("config-linux.md#sysctl", "a parameter that belongs to no namespace is an error")]
    public void The_whole_host_is_protected()
    {
        var value = File.ReadAllText("/proc/sys/vm/swappiness").Trim();
        ShouldBeRefused(NewBundle().With(b => b.Linux["sysctl"] = new JsonObject { ["vm.swappiness"] = value }));
    }

    [Fact]
    [Statement("config-linux.md#sysctl", "a value the kernel does not take is an error")]
    public void A_bad_value_is_an_error() => ShouldBeRefused(NewBundle().With(b => b.Linux["sysctl"] = Json.Parse("""{"net.core.somaxconn":"many"}""")));
}

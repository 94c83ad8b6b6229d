namespace Sampan.Conformance.Devices;

/// <summary>config-linux.md, "Allowed Device list". /dev/kmsg (1:11) opens for writing without any privilege, so only the list decides.</summary>
public class AllowedDeviceTests : StatementTest
{
    private const string Deny = """{"allow":false,"access":"rwm"}""";

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "a denied device cannot be opened although its node is there")]
    public void Denied_is_denied() => Output(Opening(Deny)).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "an allowed device can be opened")]
    public void Allowed_is_allowed() => Output(Opening(Deny, """{"allow":true,"type":"c","major":1,"minor":11,"access":"rw"}""")).ShouldBe("opened");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "access is for what it names: r does not allow writing")]
    public void Access_is_what_it_names() => Output(Opening(Deny, """{"allow":true,"type":"c","major":1,"minor":11,"access":"r"}""")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "entries apply in order: a later denial counts")]
    public void A_later_denial_counts() =>
        Output(Opening(Deny, """{"allow":true,"type":"c","major":1,"minor":11,"access":"rw"}""", """{"allow":false,"type":"c","major":1,"minor":11,"access":"rw"}""")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "entries apply in order: a later permission counts")]
    public void A_later_permission_counts() =>
        Output(Opening("""{"allow":false,"type":"c","major":1,"minor":11,"access":"rwm"}""", Deny, """{"allow":true,"type":"c","major":1,"minor":11,"access":"w"}""")).ShouldBe("opened");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "a missing minor is every one")]
    public void A_missing_minor_is_every_one() => Output(Opening(Deny, """{"allow":true,"type":"c","major":1,"access":"w"}""")).ShouldBe("opened");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "a missing type, major and minor allow everything")]
    public void Everything_can_be_allowed() => Output(Opening(Deny, """{"allow":true,"access":"rwm"}""")).ShouldBe("opened");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "a block device is not a character device of the same numbers")]
    public void The_type_counts() => Output(Opening(Deny, """{"allow":true,"type":"b","major":1,"minor":11,"access":"rw"}""")).ShouldBe("refused");

    [Fact]
    [Statement("config-linux.md#allowed-device-list", "the list holds for nodes the program makes itself")]
    public void Own_nodes_do_not_help() =>
        Output(Script("mknod /made c 1 11 2>/dev/null; (: >/made) 2>/dev/null && [ -c /made ] && echo opened || echo refused")).ShouldBe("refused");

    [Theory]
    [InlineData("""{"allow":true,"type":"q","major":1,"minor":11,"access":"rw"}""")]
    [InlineData("""{"allow":true,"type":"c","major":1,"minor":11,"access":"x"}""")]
    [Statement("config-linux.md#allowed-device-list", "an entry that means nothing is an error: {0}")]
    [Differs("crun 1.8.1", "refuses it and leaves control groups behind")]
    public void Nonsense_is_an_error(string rule) => ShouldBeRefused(Opening(Deny, rule));

    private Bundle Opening(params string[] rules)
    {
        NeedsController("devices");
        var bundle = Script("(: >/dev/made) 2>/dev/null && echo opened || echo refused");
        bundle.Linux["devices"] = Json.Parse("""[{"type":"c","path":"/dev/made","major":1,"minor":11,"fileMode":438}]""");
        bundle.Resources["devices"] = Json.Parse($"[{string.Join(',', rules)}]");
        return bundle;
    }
}

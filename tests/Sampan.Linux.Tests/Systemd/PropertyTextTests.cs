using Sampan.Linux.Systemd;

namespace Sampan.Linux.Tests.Systemd;

public sealed class PropertyTextTests
{
    [Theory]
    [InlineData("CollectMode", "'inactive-or-failed'", "CollectMode", "s", "inactive-or-failed")]
    [InlineData("Description", "\"a \\\"b\\\"\"", "Description", "s", "a \"b\"")]
    [InlineData("SendSIGHUP", "true", "SendSIGHUP", "b", "yes")]
    [InlineData("IOSchedulingPriority", "3", "IOSchedulingPriority", "i", "3")]
    [InlineData("CPUWeight", "uint64 500", "CPUWeight", "t", "500")]
    [InlineData("CPUWeight", "@t 0x10", "CPUWeight", "t", "16")]
    [InlineData("TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec", "t", "123456789")]
    [InlineData("TimeoutStopSec", "uint64 7", "TimeoutStopUSec", "t", "7000000")]
    [InlineData("TimeoutStopSec", "1.5", "TimeoutStopUSec", "t", "1500000")]
    [InlineData("CPUQuotaPerSECSec", "2", "CPUQuotaPerSECSec", "i", "2")]
    [InlineData("After", "['a.service', 'b.service']", "After", "as", "a.service b.service")]
    [InlineData("After", "@as []", "After", "as", "")]
    [InlineData("AllowedCPUs", "[byte 0x01, 2]", "AllowedCPUs", "ay", "0102")]
    public void Values_are_read(string name, string text, string property, string signature, string value)
    {
        var read = PropertyText.Read(name, text);
        (read.Name, read.Signature, read.Text).ShouldBe((property, signature, value));
        read.Write(new());
    }

    [Theory]
    [InlineData("AB", "true")]
    [InlineData("Name1", "true")]
    [InlineData("A_b_c", "true")]
    [InlineData("Name", "")]
    [InlineData("Name", "'open")]
    [InlineData("Name", "true false")]
    [InlineData("Name", "nothing")]
    [InlineData("Name", "uint64 -1")]
    [InlineData("Name", "byte 256")]
    [InlineData("Name", "[]")]
    [InlineData("Name", "['a', 1]")]
    [InlineData("Name", "['a' 'b']")]
    [InlineData("Name", "@u 'a'")]
    [InlineData("Name", "@")]
    [InlineData("Name", "uint64 true")]
    [InlineData("TimeoutSec", "'a'")]
    [InlineData("TimeoutSec", "-1")]
    public void What_is_none_is_refused_and_named(string name, string text)
    {
        var error = Should.Throw<SampanException>(() => PropertyText.Read(name, text));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldContain("org.systemd.property." + name);
    }
}

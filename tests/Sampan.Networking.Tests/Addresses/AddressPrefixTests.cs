using System.Net;
using Sampan.Networking.Addresses;

namespace Sampan.Networking.Tests.Addresses;

/// <summary>Prefixes as people write them.</summary>
public sealed class AddressPrefixTests
{
    [Theory]
    [InlineData("10.200.0.0/24", "10.200.0.0/24")]
    [InlineData("10.200.0.1/24", "10.200.0.0/24")]
    [InlineData("10.200.255.255/9", "10.128.0.0/9")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("192.0.2.7/32", "192.0.2.7/32")]
    [InlineData("fd00:1::9/64", "fd00:1::/64")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("fd00::/129", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("10.0.0.0/", null)]
    [InlineData("10.0.0.0", null)]
    [InlineData("10.0/16", null)]
    [InlineData("[fd00::]/64", null)]
    [InlineData("fe80::1%eth0/64", null)]
    [InlineData("", null)]
    public void What_is_beyond_the_prefix_is_left_out(string text, string? prefix) => AddressPrefix.TryParse(text)?.ToString().ShouldBe(prefix);

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", false)]
    [InlineData("0.0.0.0/0", "fd00::/64", false)]
    public void Two_overlap_when_one_contains_the_other(string one, string other, bool overlap) =>
        AddressPrefix.Overlap(IPNetwork.Parse(one), IPNetwork.Parse(other)).ShouldBe(overlap);
}

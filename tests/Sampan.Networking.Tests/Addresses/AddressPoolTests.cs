using System.Net;
using Sampan.Networking.Addresses;

namespace Sampan.Networking.Tests.Addresses;

public sealed class AddressPoolTests
{
    private static readonly AddressPool Small = new(IPNetwork.Parse("10.4.0.0/22"), 24);

    [Theory]
    [InlineData("", "10.4.0.0/24")]
    [InlineData("10.4.0.0/24", "10.4.1.0/24")]
    [InlineData("10.4.0.7/32", "10.4.1.0/24")]
    [InlineData("10.4.0.0/23 10.4.3.0/24", "10.4.2.0/24")]
    [InlineData("10.4.1.0/24 10.4.0.0/25", "10.4.2.0/24")]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("10.4.0.0/24 10.4.1.0/24 10.4.2.128/25 10.4.3.9/32", null)]
    [InlineData("192.168.0.0/16 0.0.0.0/0 fd00::/8", "10.4.0.0/24")]
    public void The_first_that_nobody_uses(string taken, string? chosen) =>
        AddressPool.Choose([Small], Networks(taken))?.ToString().ShouldBe(chosen);

    [Fact]
    public void Pools_are_looked_through_in_order()
    {
        var pools = new[] { Small, new AddressPool(IPNetwork.Parse("fd12:3456::/48"), 64) };
        AddressPool.Choose(pools, Networks("10.4.0.0/16")).ShouldBe(IPNetwork.Parse("fd12:3456::/64"));
        AddressPool.Choose(pools, Networks("10.4.0.0/16 fd12:3456::/64")).ShouldBe(IPNetwork.Parse("fd12:3456:0:1::/64"));
        AddressPool.Choose(pools, Networks("10.4.0.0/16 fd00::/8")).ShouldBeNull();
    }

    [Fact]
    public void The_usual_ones_hold_thousands()
    {
        List<IPNetwork> taken = [];
        for (var count = 0; count < 2500; count++)
        {
            taken.Add(AddressPool.Choose(AddressPool.Default, taken).ShouldNotBeNull());
        }

        taken.Distinct().Count().ShouldBe(2500);
        taken.ShouldAllBe(network => network.PrefixLength == 24);
        AddressPool.Choose(AddressPool.Default, Networks("10.0.0.0/8 172.16.0.0/12")).ShouldBe(IPNetwork.Parse("192.168.128.0/24"));

        // The end of all addresses is not passed.
        AddressPool.Choose([new(IPNetwork.Parse("::/0"), 126)], Networks("::/1 8000::/1")).ShouldBeNull();
        AddressPool.Choose([new(IPNetwork.Parse("255.255.255.0/24"), 28)], Networks("255.255.255.0/24")).ShouldBeNull();
    }

    [Theory]
    [InlineData("base=10.10.0.0/16,size=24", "10.10.0.0/16 24")]
    [InlineData("size=64,base=fd00:1::/48", "fd00:1::/48 64")]
    [InlineData("base=10.10.0.0/16", null)]
    [InlineData("base=10.10.0.0/16,size=15", null)]
    [InlineData("base=10.10.0.0/16,size=31", null)]
    [InlineData("base=10.10.0.0/16,size=24,color=red", null)]
    [InlineData("", null)]
    public void Dockers_form(string text, string? pool)
    {
        var read = AddressPool.TryParse(text);
        (read is null ? null : $"{read.Range} {read.PrefixLength}").ShouldBe(pool);
    }

    private static List<IPNetwork> Networks(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)];
}

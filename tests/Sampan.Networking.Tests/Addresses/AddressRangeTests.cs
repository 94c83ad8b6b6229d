using System.Net;
using Sampan.Networking.Addresses;

namespace Sampan.Networking.Tests.Addresses;

public sealed class AddressRangeTests
{
    [Fact]
    public void All_are_given_once_and_those_set_apart_never()
    {
        var range = Range("10.4.0.0/28", gateway: "10.4.0.1", reserved: "10.4.0.5");
        var taken = new HashSet<IPAddress>();
        IPAddress? last = null;
        while (range.Next(taken, last) is { } next)
        {
            range.CanBeGiven(next).ShouldBeTrue();
            taken.Add(next).ShouldBeTrue();
            last = next;
        }

        // 16 less the first, the last, the gateway and the reserved one.
        taken.Count.ShouldBe(12);
        taken.Select(address => address.ToString()).ShouldNotContain("10.4.0.5");
    }

    [Fact]
    public void One_that_was_just_freed_is_given_last()
    {
        var range = Range("10.4.0.0/29", gateway: "10.4.0.1");
        Next(range, "", null).ShouldBe("10.4.0.2");
        Next(range, "", "10.4.0.2").ShouldBe("10.4.0.3");
        Next(range, "10.4.0.6", "10.4.0.6").ShouldBe("10.4.0.2");
        Next(range, "10.4.0.3 10.4.0.4 10.4.0.5 10.4.0.6", "10.4.0.2").ShouldBe("10.4.0.2");
        Next(range, "10.4.0.2 10.4.0.3 10.4.0.4 10.4.0.5 10.4.0.6", "10.4.0.2").ShouldBeNull();
    }

    [Fact]
    public void A_part_of_the_prefix_alone()
    {
        var range = Range("10.4.0.0/16", gateway: "10.4.0.1", part: "10.4.8.0/30");
        Next(range, "", null).ShouldBe("10.4.8.0");
        Next(range, "10.4.8.0 10.4.8.1 10.4.8.2", "10.4.8.2").ShouldBe("10.4.8.3");
        Next(range, "10.4.8.0 10.4.8.1 10.4.8.2 10.4.8.3", null).ShouldBeNull();
        range.CanBeGiven(IPAddress.Parse("10.4.200.7")).ShouldBeTrue();
        range.CanBeGiven(IPAddress.Parse("10.5.0.7")).ShouldBeFalse();
        range.CanBeGiven(IPAddress.Parse("10.4.0.1")).ShouldBeFalse();
        range.CanBeGiven(IPAddress.Parse("10.4.255.255")).ShouldBeFalse();
        range.CanBeGiven(IPAddress.Parse("fd00::1")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("10.4.0.0/30", "10.4.0.1", "10.4.0.2")]
    [InlineData("10.4.0.0/31", "10.4.0.0", "10.4.0.1")]
    [InlineData("fd00:4::/64", "fd00:4::1", "fd00:4::2")]
    [InlineData("fd00:4::/127", "fd00:4::", "fd00:4::1")]
    public void The_bridge_has_the_first_and_the_container_the_next(string subnet, string gateway, string first)
    {
        AddressRange.FirstOf(IPNetwork.Parse(subnet)).ToString().ShouldBe(gateway);
        Next(Range(subnet, gateway), "", null).ShouldBe(first);
    }

    private static string? Next(AddressRange range, string taken, string? after) =>
        range.Next(taken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToHashSet(), after is null ? null : IPAddress.Parse(after))?.ToString();

    private static AddressRange Range(string subnet, string gateway, string? reserved = null, string? part = null) => new(
        IPNetwork.Parse(subnet), part is null ? null : IPNetwork.Parse(part), IPAddress.Parse(gateway), reserved is null ? [] : [IPAddress.Parse(reserved)]);
}

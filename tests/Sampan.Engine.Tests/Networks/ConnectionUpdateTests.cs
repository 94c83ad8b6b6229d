using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Networks;

/// <summary>One network more or less, and which comes first.</summary>
public sealed class ConnectionUpdateTests
{
    private static readonly NetworkRecord Mine = new() { Name = "n" };

    [Fact]
    public void They_come_and_go()
    {
        var record = ConnectionUpdate.Add(On("a"), new() { Network = "n" });
        record.Endpoints!.Select(static settings => settings.Network).ShouldBe(["a", "n"]);
        Should.Throw<SampanException>(() => ConnectionUpdate.Add(record, new() { Network = "n" })).Kind.ShouldBe(ErrorKind.Forbidden);
        record = ConnectionUpdate.Remove(ConnectionUpdate.Remove(record, "a"), "n");
        record.Endpoints.ShouldBeEmpty();
        Should.Throw<SampanException>(() => ConnectionUpdate.Remove(record, "n")).Message.ShouldEndWith("is not connected to network n");
    }

    [Fact]
    public void None_is_left_before_another_comes()
    {
        var none = new ContainerRecord { HostConfig = new() { NetworkMode = "none" } };
        Should.Throw<SampanException>(() => ConnectionUpdate.CheckAdd(none, Mine)).Message.ShouldContain("private (none) mode");
        var free = ConnectionUpdate.Remove(none, "none");
        ConnectionUpdate.CheckAdd(free, Mine);
        ConnectionUpdate.Add(free, new() { Network = "n" }).Endpoints!.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("container:x")]
    public void Who_shares_a_network_has_no_other(string mode) =>
        Should.Throw<SampanException>(() => ConnectionUpdate.CheckAdd(new() { HostConfig = new() { NetworkMode = mode } }, Mine)).Message.ShouldStartWith("container sharing network namespace");

    [Fact]
    public void The_default_route_is_the_highest_prioritys_then_the_first_names_and_never_an_internal_ones()
    {
        List<(NetworkRecord Network, long Priority)> networks =
        [
            (new() { Name = "i", Internal = true }, 9), (new() { Name = "b" }, 0), (new() { Name = "z" }, 1), (new() { Name = "a" }, 0), (new() { Name = "y" }, long.MinValue),
        ];
        networks.Sort(static (left, right) => GatewayOrder.Compare(left.Network, left.Priority, right.Network, right.Priority));
        networks.Select(static pair => pair.Network.Name).ShouldBe(["z", "a", "b", "y", "i"]);
    }

    private static ContainerRecord On(params string[] networks) => new() { Endpoints = [.. networks.Select(static name => new EndpointSettings { Network = name })] };
}

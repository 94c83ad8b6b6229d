using Sampan.Linux;
using Sampan.Networking.Names;

namespace Sampan.Networking.Tests.Names;

public sealed class NameFileTests
{
    private const string Resolver = "# comment\nnameserver 127.0.0.53\nnameserver 10.0.0.2\nsearch corp.example\noptions edns0\n";

    [Theory]
    [InlineData("db:10.0.0.1", "db", "10.0.0.1")]
    [InlineData("db=10.0.0.1", "db", "10.0.0.1")]
    [InlineData("db:::1", "db", "::1")]
    [InlineData("db=[fe80::1]", "db", "fe80::1")]
    public void ExtraHostsAreRead(string text, string name, string address) => ExtraHost.Parse(text).ShouldBe(new(name, address));

    [Theory]
    [InlineData("db")]
    [InlineData(":1.2.3.4")]
    [InlineData("db:")]
    [InlineData("db:1.2")]
    [InlineData("db:10.0.0.1\n6.6.6.6 bank")]
    [InlineData("db x:10.0.0.1")]
    public void MalformedExtraHostsAreRefused(string text) =>
        Should.Throw<SampanException>(() => ExtraHost.Parse(text)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    [Fact]
    public void AGatewayNeedsABridge() =>
        Should.Throw<SampanException>(() => ExtraHost.Parse("gw:host-gateway")).Kind.ShouldBe(ErrorKind.Unavailable);

    [Fact]
    public void LinesComeAndGoAndOthersStay()
    {
        HostsFile.Change("a\tb\n# mine\nc\td\n", "a\tb\nc\td\n", "c\td\ne\tf\n").ShouldBe("# mine\nc\td\ne\tf\n");
        HostsFile.Change("no line break", "a\tb\n", "c\td\n").ShouldBe("no line break\nc\td\n");
        HostsFile.Change("", "a\tb\n", "c\td\n").ShouldBe("c\td\n");
        HostsFile.Change("a\tb\na\tb\n", "a\tb\n", "").ShouldBe("a\tb\n");
        HostsFile.Change("a\tb\n", "a\tb\n", "a\tb\n").ShouldBe("a\tb\n");
    }

    [Fact]
    public void LinkedContainersMove()
    {
        IReadOnlyList<ExtraHost> hosts = [new("q h1 new", "10.0.0.9"), new("web h1", "10.0.0.9")];
        HostsFile.Readdress("x\n10.0.0.2\tq h1 old\n10.0.0.2\tweb h1\n10.0.0.3\tq h2 old\n", hosts).ShouldBe("x\n10.0.0.9\tq h1 new\n10.0.0.9\tweb h1\n10.0.0.3\tq h2 old\n");
        HostsFile.Readdress("", hosts).ShouldBe("");
        HostsFile.Without("x\n10.0.0.2\tq h1 old\n10.0.0.2\tq h2\n", "q h1").ShouldBe("x\n10.0.0.2\tq h2\n");
    }

    [Fact]
    public void OnNetworkNoneOnlyTheLoopbackHasNames()
    {
        var text = HostsFile.Own(["box"], [], [new("db", "10.0.0.1")]);
        text.ShouldStartWith("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        text.ShouldEndWith("10.0.0.1\tdb\n");
        text.ShouldNotContain("box");
        HostsFile.Own(["box", "web"], ["172.17.0.2"], []).ShouldEndWith("172.17.0.2\tbox web\n");
    }

    [Fact]
    public void OnTheHostsNetworkItsNamesHold()
    {
        HostsFile.Shared("127.0.0.1 here", []).ShouldBe("127.0.0.1 here");
        HostsFile.Shared("127.0.0.1 here", [new("db", "10.0.0.1")]).ShouldBe("127.0.0.1 here\n10.0.0.1\tdb\n");
    }

    [Fact]
    public void TheHostsResolverIsTakenOverWithoutItsLoopback()
    {
        ResolverFile.Shared(Resolver, [], [], []).ShouldBe(Resolver);
        Lines(ResolverFile.Own(Resolver, [], [], [])).ShouldBe(["nameserver 10.0.0.2", "search corp.example", "options edns0"]);
    }

    [Fact]
    public void WhatTheUserSaysReplacesTheHosts()
    {
        Lines(ResolverFile.Own(Resolver, ["1.1.1.1"], ["."], ["ndots:2"])).ShouldBe(["nameserver 1.1.1.1", "options ndots:2"]);
        Lines(ResolverFile.Shared(Resolver, [], ["a", "b"], [])).ShouldBe(["nameserver 127.0.0.53", "nameserver 10.0.0.2", "options edns0", "search a b"]);
    }

    [Fact]
    public void TheHostnameFileHasTheNameAsGiven()
    {
        HostnameFile.Content("box").ShouldBe("box\n");
        HostnameFile.Content("box.example").ShouldBe("box.example\n");
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'));
}

using System.Net;
using Sampan.Networking.Dns.Zones;

namespace Sampan.Networking.Tests.Dns.Zones;

public sealed class NameZoneTests : IDisposable
{
    private readonly ServedZone _served = new(ServedZone.Names(
        new NetworkNames("front", [ServedZone.Host("web", "www 0123456789ab", "10.1.0.2", "fd01::2"), ServedZone.Host("db", "", "10.1.0.3")]),
        new NetworkNames("back.end", [ServedZone.Host("db", "store", "10.2.0.3"), ServedZone.Host("a.b", "store", "10.2.0.4", "10.2.0.5")])));

    [Theory]
    [InlineData("web", Question.A, "10.1.0.2")]
    [InlineData("WEB", Question.A, "10.1.0.2")]
    [InlineData("www", Question.A, "10.1.0.2")]
    [InlineData("0123456789ab", Question.A, "10.1.0.2")]
    [InlineData("web", Question.Aaaa, "fd01::2")]
    [InlineData("web", Question.Any, "10.1.0.2 fd01::2")]
    [InlineData("web.front", Question.A, "10.1.0.2")]
    [InlineData("db", Question.A, "10.1.0.3")]
    [InlineData("db.back.end", Question.A, "10.2.0.3")]
    [InlineData("DB.Back.End", Question.A, "10.2.0.3")]
    [InlineData("a.b", Question.A, "10.2.0.4 10.2.0.5")]
    [InlineData("a.b.back.end", Question.A, "10.2.0.4 10.2.0.5")]
    public void Names_of_all_networks_are_known(string name, ushort type, string addresses)
    {
        var reply = _served.Ask(Question.Make(name, type));
        reply.Code.ShouldBe(0);
        reply.Id.ShouldBe((ushort)0x1234);
        reply.Questions.ShouldBe([(name, type, (ushort)1)]);
        reply.Data.ShouldBe(addresses.Split(' '));
        reply.Answers.ShouldAllBe(answer => answer.StartsWith($"{name} ") && answer.Contains(" 600 "));

        // An answer that can be had here: QR, RD as it was, RA.
        reply.Flags.ShouldBe((ushort)0x8180);
    }

    [Theory]
    [InlineData("db", Question.Aaaa)]
    [InlineData("db.front", Question.Mx)]
    [InlineData("web", (ushort)65)]
    [InlineData("3.0.1.10.in-addr.arpa", Question.A)]
    public void A_name_without_such_a_record_exists_all_the_same(string name, ushort type)
    {
        var reply = _served.Ask(Question.Make(name, type));
        reply.Code.ShouldBe(0);
        reply.Answers.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("we")]
    [InlineData("web.back.end")]
    [InlineData("front")]
    [InlineData("web.front.front")]
    [InlineData("web.example")]
    [InlineData("")]
    [InlineData("9.0.1.10.in-addr.arpa", Question.Ptr)]
    [InlineData("1.10.in-addr.arpa", Question.Ptr)]
    [InlineData("in-addr.arpa", Question.Ptr)]
    public void What_nobody_is_called_is_not_answered_here(string name, ushort type = Question.A) =>
        _served.Ask(Question.Make(name, type)).Code.ShouldBe(2);

    [Fact]
    public void Another_class_has_other_names() => _served.Ask(Question.Make("web", kind: 3)).Code.ShouldBe(2);

    [Theory]
    [InlineData("2.0.1.10.in-addr.arpa", "web.front")]
    [InlineData("3.0.2.10.IN-ADDR.ARPA", "db.back.end")]
    [InlineData("5.0.2.10.in-addr.arpa", "a.b.back.end")]
    [InlineData("2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.D.f.ip6.arpa", "web.front")]
    public void Addresses_have_names(string name, string answer)
    {
        var reply = _served.Ask(Question.Make(name, Question.Ptr));
        reply.Answers.ShouldBe([$"{name} 12 600 {answer}"]);
    }

    [Fact]
    public void Names_that_one_container_alone_knows_have_no_network()
    {
        _served.Zone = ServedZone.Names(new NetworkNames("", [ServedZone.Host("linked", "", "10.9.0.2")]));
        _served.Ask(Question.Make("linked")).Data.ShouldBe(["10.9.0.2"]);
        _served.Ask(Question.Make("2.0.9.10.in-addr.arpa", Question.Ptr)).Data.ShouldBe(["linked"]);
    }

    [Fact]
    public void Their_addresses_lead_back_to_the_names_that_all_know()
    {
        _served.Zone = ServedZone.Names(
            new NetworkNames("", [ServedZone.Host("db", "", "10.1.0.2")], reverse: false), new NetworkNames("front", [ServedZone.Host("web", "", "10.1.0.2"), ServedZone.Host("db", "", "10.1.0.3")]));
        _served.Ask(Question.Make("db")).Data.ShouldBe(["10.1.0.2"]);
        _served.Ask(Question.Make("db.front")).Data.ShouldBe(["10.1.0.3"]);
        _served.Ask(Question.Make("2.0.1.10.in-addr.arpa", Question.Ptr)).Data.ShouldBe(["web.front"]);
    }

    /// <summary>The two families and other names in between do not disturb it: a resolver asks for both.</summary>
    [Fact]
    public void Addresses_of_a_shared_name_come_first_in_turn()
    {
        _served.Zone = ServedZone.Names(new NetworkNames("net",
        [
            ServedZone.Host("one", "both", "10.0.0.1", "fd00::1"),
            ServedZone.Host("two", "both", "10.0.0.2", "fd00::2"),
            ServedZone.Host("three", "both", "10.0.0.3"),
        ]));
        List<string> first4 = [], first6 = [];
        for (var round = 0; round < 6; round++)
        {
            var reply = _served.Ask(Question.Make("both"));
            reply.Data.Order().ShouldBe(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
            first4.Add(reply.Data[0]);
            first6.Add(_served.Ask(Question.Make("BOTH.net", Question.Aaaa)).Data[0]);
        }

        first4.ShouldBe(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1", "10.0.0.2", "10.0.0.3"]);
        first6.ShouldBe(["fd00::1", "fd00::2", "fd00::1", "fd00::2", "fd00::1", "fd00::2"]);
    }

    [Fact]
    public void A_new_zone_holds_at_once()
    {
        _served.Zone = ServedZone.Names(new NetworkNames("front", [ServedZone.Host("web", "", "10.1.0.9")]));
        _served.Ask(Question.Make("web")).Data.ShouldBe(["10.1.0.9"]);
        _served.Ask(Question.Make("db")).Code.ShouldBe(2);
    }

    [Fact]
    public void Odd_hosts_harm_nobody()
    {
        var tooLong = new string('x', 64);
        _served.Zone = ServedZone.Names(new NetworkNames("net",
        [
            ServedZone.Host(tooLong, "fine", "10.0.0.1"),
            ServedZone.Host("twice", "twice TWICE", "10.0.0.2"),
            ServedZone.Host("none", ""),
            ServedZone.Host("a..b", "", "10.0.0.4"),
        ]));
        _served.Ask(Question.Make("fine")).Data.ShouldBe(["10.0.0.1"]);
        _served.Ask(Question.Make("twice")).Data.ShouldBe(["10.0.0.2"]);
        _served.Ask(Question.Make("none")).Code.ShouldBe(0);
        _served.Ask(Question.Make("1.0.0.10.in-addr.arpa", Question.Ptr)).Code.ShouldBe(2);
    }

    /// <summary>A network of /20, full.</summary>
    [Fact]
    public void Four_thousand_hosts_are_found_each()
    {
        var hosts = new List<NamedHost>();
        for (var number = 0; number < 4094; number++)
        {
            hosts.Add(new($"host-{number}", [$"alias-{number}", $"{number:x12}"], [new IPAddress([10, 7, (byte)(number >> 8), (byte)number])]));
        }

        _served.Zone = ServedZone.Names(new NetworkNames("big", hosts));
        for (var number = 0; number < 4094; number += 7)
        {
            var address = $"10.7.{number >> 8}.{number & 255}";
            _served.Ask(Question.Make($"alias-{number}")).Data.ShouldBe([address]);
            _served.Ask(Question.Make($"{number:x12}.big")).Data.ShouldBe([address]);
        }
    }

    public void Dispose() => _served.Dispose();
}

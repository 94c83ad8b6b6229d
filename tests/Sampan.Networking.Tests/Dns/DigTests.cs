using System.Diagnostics;
using Sampan.Networking.Dns.Zones;
using Sampan.Networking.Tests.Dns.Forwarding;

namespace Sampan.Networking.Tests.Dns;

/// <summary>Somebody else's reader and writer of messages.</summary>
public sealed class DigTests : IDisposable
{
    private const string Dig = "/usr/bin/dig";

    private readonly ServedZone _served = new(ServedZone.Names(new NetworkNames("net",
    [
        ServedZone.Host("web", "www", "10.0.0.2", "fd00::2"),
        .. Enumerable.Range(0, 200).Select(number => ServedZone.Host($"host{number}", "all", $"10.0.1.{number}")),
    ])));

    [Fact]
    public void It_reads_our_answers()
    {
        Ask("web", "A").ShouldContain("web. 600 IN A 10.0.0.2");
        Ask("www.net", "AAAA").ShouldContain("IN AAAA fd00::2");
        Ask("-x", "10.0.0.2").ShouldContain("600 IN PTR web.net.");
        Ask("-x", "fd00::2").ShouldContain("600 IN PTR web.net.");
        var missing = Ask("host1", "AAAA");
        missing.ShouldContain("status: NOERROR");
        missing.ShouldContain("ANSWER: 0");
        missing.ShouldContain("udp: 1232");
        Ask("example.org", "A").ShouldContain("status: SERVFAIL");
        Ask("+noedns", "web", "A").ShouldNotContain("OPT PSEUDOSECTION");
        Ask("+edns=3", "+noednsneg", "web", "A").ShouldContain("status: BADVERS");
        Ask("+opcode=UPDATE", "web", "A").ShouldContain("status: NOTIMP");
    }

    [Fact]
    public void What_is_cut_is_asked_for_by_TCP()
    {
        var answer = Ask("all", "A");
        answer.ShouldContain("Truncated, retrying in TCP mode");
        answer.ShouldContain("ANSWER: 200");
        Ask("+ignore", "+bufsize=512", "all", "A").ShouldContain("flags: qr tc rd ra");
    }

    [Fact]
    public void It_is_answered_by_another_server()
    {
        using var upstream = new FakeServer(_served.Loop) { Answer = FakeServer.With("192.0.2.1") };
        _served.Server.Upstreams = [upstream.Upstream];
        Ask("example.org", "A").ShouldContain("IN A 192.0.2.1");
        Ask("+tcp", "example.org", "A").ShouldContain("IN A 192.0.2.1");
    }

    public void Dispose() => _served.Dispose();

    private string Ask(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Dig), "dig is not here: install bind9-dnsutils");

        var start = new ProcessStartInfo(Dig) { RedirectStandardOutput = true, UseShellExecute = false };
        string[] all = ["@127.0.0.1", "-p", $"{_served.Address.Port}", "+tries=1", "+time=5", .. arguments];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        using var dig = Process.Start(start).ShouldNotBeNull();
        var output = dig.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _served.RunUntil(() => output.IsCompleted, 20_000);
        return string.Join(' ', output.GetAwaiter().GetResult().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }
}

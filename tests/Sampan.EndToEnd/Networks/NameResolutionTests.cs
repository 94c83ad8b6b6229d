using System.Diagnostics;
using System.Globalization;
using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Networks;

/// <summary>Names as containers ask for them: by dig, by the resolvers of glibc and musl, and with the host's servers on another host.</summary>
public sealed class NameResolutionTests : IDisposable
{
    private readonly NetworkedHost _host = new();
    private readonly RunningCommand _beyond;
    private readonly RunningCommand _server;
    private readonly string _log;

    public NameResolutionTests()
    {
        Programs.Require("dnsmasq-base", "dnsmasq", "is the name server of another host");
        Programs.Require("bind9-dnsutils", "dig", "asks name servers");
        _log = Path.Combine(_host.Files.Folder, "queries");
        File.WriteAllText(Resolver, "nameserver 192.0.2.53\n");
        _beyond = new("/usr/bin/nsenter", [.. _host.Entrance, "unshare", "--net", "sh", "-ec", "ip link set lo up; echo ready; exec sleep 100000"]);
        _beyond.Expect("ready");
        var there = $"--net=/proc/{_beyond.Pid.ToString(CultureInfo.InvariantCulture)}/ns/net";
        _host.Run(
            $"""
            ip link add wire type veth peer name far; ip addr add 192.0.2.1/24 dev wire; ip link set wire up
            ip link set far netns {_beyond.Pid}; nsenter {there} sh -ec 'ip addr add 192.0.2.53/24 dev far; ip link set far up'
            """);
        _server = new(
            "/usr/bin/nsenter",
            [
                there, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=192.0.2.53", "--pid-file=", "--user=root",
                "--log-queries", "--log-facility=" + _log, "--edns-packet-max=4096", "--address=/far.example/192.0.2.77", "--local=/far.example/", "--local=/nowhere.example/", "--ptr-record=9.2.0.192.in-addr.arpa,nine.example",
                .. Enumerable.Range(0, 12).Select(static number => $"--txt-record=long.example,{number}{new string('x', 240)}"),
            ]);
        Patience.ShouldCome(() => _host.Try($"dig +short +tries=1 +time=1 @192.0.2.53 far.example").Text == "192.0.2.77", "the other host's server answers");
    }

    private string Resolver => Path.Combine(_host.Files.Folder, "resolv.conf");

    public void Dispose()
    {
        foreach (var process in (RunningCommand[])[_server, _beyond])
        {
            process.Signal(9);
            process.Wait();
            process.Dispose();
        }

        _host.Dispose();
    }

    [Fact]
    public void Dig_is_answered()
    {
        _host.Run("sampan network create n >/dev/null; sampan network create --ipv6 both >/dev/null");
        Start("web", "--network n --network-alias www");
        Start("web2", "--network n --network-alias www");
        Start("ask", "--network n --network both");
        var (web, web2) = (Address("web"), Address("web2"));
        Dig("+short web").ShouldBe(web);
        Dig("+short WEB.n").ShouldBe(web);
        Dig("+short " + _host.Run("sampan inspect -f '{{slice .Id 0 12}}' web")).ShouldBe(web);
        Dig("+short +tcp web2").ShouldBe(web2);
        Dig("+short www | sort").ShouldBe(string.Join('\n', new[] { web, web2 }.Order(StringComparer.Ordinal)));

        // Each comes first once in a while.
        Enumerable.Range(0, 40).Select(_ => Dig("+short www").Split('\n')[0]).Distinct().Count().ShouldBe(2);
        Dig("+short -x " + web).ShouldBe("web.n.");
        Dig("web AAAA").ShouldSay("status: NOERROR", "ANSWER: 0");
        Dig("+short ask.both AAAA").ShouldStartWith("fd");

        // The rest is the host's servers' to answer.
        Dig("+short far.example").ShouldBe("192.0.2.77");
        Dig("+short -x 192.0.2.9").ShouldBe("nine.example.");
        Dig("nowhere.example").ShouldContain("status: NXDOMAIN");
        Dig("long.example TXT").ShouldSay("ANSWER: 12", "retrying in TCP mode");
        Dig("+bufsize=4096 +ignore +short long.example TXT | wc -l").ShouldBe("12");
        _host.Run("sampan rm -f web web2 ask >/dev/null");
    }

    [Fact]
    public void Nothing_is_asked_of_others_from_an_internal_network()
    {
        _host.Run("sampan network create --internal i >/dev/null");
        Start("ask", "--network i");
        Start("web", "--network i");
        Dig("+short web").ShouldBe(Address("web"));
        Dig("far.example").ShouldSay("ANSWER: 0");
        Dig("secret.payload.example").ShouldSay("ANSWER: 0");
        File.ReadAllText(_log).ShouldNotContain("payload");
        _host.Run("sampan rm -f web ask >/dev/null");
    }

    [Fact]
    public void A_server_that_does_not_answer_is_passed_over()
    {
        File.WriteAllText(Resolver, "nameserver 192.0.2.250\nnameserver 192.0.2.53\n");
        _host.Run("sampan network create n >/dev/null");
        Start("ask", "--network n");
        var clock = Stopwatch.StartNew();
        Dig("+short +time=8 far.example").ShouldBe("192.0.2.77");
        clock.Elapsed.TotalSeconds.ShouldBeLessThan(7, "one server's time-out and then the answer");
        _host.Run("sampan rm -f ask >/dev/null");
    }

    [Fact]
    public void Both_C_libraries_find_names()
    {
        Programs.Require("musl-tools", "musl-gcc", "builds a program with musl's resolver");
        var lookup = Path.Combine(_host.Files.Folder, "lookup");
        Programs.Run("musl-gcc", "-static", "-o", lookup, Path.Combine(Host.Repository, "tests/Sampan.EndToEnd/Networks/lookup.c"));
        _host.Run("sampan network create n >/dev/null");
        Start("web", "--network n --network-alias www");
        var web = Address("web");
        const string glibc = "sampan run --rm --network n -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro busybox /usr/bin/getent ";
        var musl = $"sampan run --rm --network n -v {lookup}:/lookup:ro busybox /lookup ";
        foreach (var name in (string[])["web", "www", "web.n"])
        {
            Within(glibc + $"ahostsv4 {name} | head -1").ShouldStartWith(web + " ");
            Within(musl + name).ShouldBe(web);
        }

        Within(glibc + "ahostsv4 far.example | head -1").ShouldStartWith("192.0.2.77 ");
        Within(musl + "far.example").ShouldBe("192.0.2.77");
        Within(glibc + $"hosts {web}").ShouldContain("web.n");
        Within(musl + "-x " + web).ShouldBe("web.n");
        Within(glibc + "hosts nowhere.example || echo none").ShouldBe("none");
        Within(musl + "nowhere.example 2>&1 || true").ShouldContain("does not");
        _host.Run("sampan rm -f web >/dev/null");
    }

    private void Start(string name, string options) => Within($"sampan run -d --name {name} {options} busybox sleep 1000 >/dev/null");

    private string Address(string container) => _host.Run($"sampan inspect -f '{{{{.NetworkSettings.Networks.n.IPAddress}}}}{{{{.NetworkSettings.Networks.i.IPAddress}}}}' {container} | sed 's/<no value>//g'");

    // As on a host whose resolv.conf names the other host's server: only the monitor's own is asked.
    private string Within(string script)
    {
        var file = Path.Combine(_host.Files.Folder, "script");
        File.WriteAllText(file, script);
        return _host.Run("export binary root state; unshare --mount bash -ec 'mount --bind \"$1\" /etc/resolv.conf; sampan() { \"$binary\" --root \"$root\" --state \"$state\" \"$@\"; }; . \"$2\"' bash " + Resolver + " " + file);
    }

    private string Dig(string question) => _host.Run($"pid=$(sampan inspect -f '{{{{.State.Pid}}}}' ask); nsenter --net=/proc/$pid/ns/net dig +tries=1 @127.0.0.11 {question}");
}

using System.Diagnostics;
using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>
/// Many lives of containers on a network, and many networks: nothing of them stays, and the last costs what the first did. The suite runs a share; SAMPAN_LIVES and
/// SAMPAN_NETWORKS ask for as many (10000, 300).
/// </summary>
public sealed class NetworkEnduranceTests : IDisposable
{
    private static readonly int Lives = Number("SAMPAN_LIVES", 120);
    private static readonly int Networks = Number("SAMPAN_NETWORKS", 40);

    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Lives_of_containers_leave_nothing()
    {
        _host.Run("sampan network create --ipv6 nn >/dev/null; sampan run --rm --network nn -p 8080:80 busybox true");
        Patience.ShouldCome(() => Devices() == 0, "the first one's devices are gone");
        var before = Left();
        Repeat(Lives / 2, "sampan run --rm --network nn -p 8080:80 busybox true");
        Patience.ShouldCome(() => Devices() == 0, "their devices are gone");
        Left().ShouldBe(before);
    }

    [Fact]
    public void A_monitor_is_as_small_as_before_after_many_lives()
    {
        _host.Run("sampan network create --ipv6 nn >/dev/null; sampan run -d --name cc --network nn -p 8080:80 busybox sleep 1000 >/dev/null");
        Repeat(Math.Max(20, Lives / 20), "sampan restart -t 0 cc >/dev/null");
        var monitor = _host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' cc"));
        var (descriptors, memory) = Sizes(monitor);
        Repeat(Lives / 2, "sampan restart -t 0 cc >/dev/null");
        _host.Files.Monitor(_host.Run("sampan inspect -f '{{.Id}}' cc")).ShouldBe(monitor, "it is the same process");
        var (descriptorsAfter, memoryAfter) = Sizes(monitor);
        descriptorsAfter.ShouldBe(descriptors);
        memoryAfter.ShouldBeLessThan(memory + 1024, "kilobytes of its own");
        _host.Run("find \"$state\"/networks -mindepth 2 -not -name '.*' | wc -l; ip -br link | grep -c ^sp; table | grep -c ': .* 8080' || true").ShouldStartWith("2\n1\n");
    }

    [Fact]
    public void The_last_of_many_networks_costs_what_the_first_did()
    {
        const int share = 10;
        var first = Time(0, share);
        _ = Time(share, Networks - (2 * share));
        var last = Time(Networks - share, share);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Networks.ToString(CultureInfo.InvariantCulture)} networks: the first {share} took {first.TotalMilliseconds:0} ms, the last {last.TotalMilliseconds:0} ms");
        last.ShouldBeLessThan((first * 3) + TimeSpan.FromMilliseconds(500));
        _host.Run($"sampan network ls -q --filter type=custom | wc -l; ip -br link | grep -c '^n[0-9]'").ShouldBe($"{Networks}\n{Networks}");
        _host.Run("sampan network ls -q --filter type=custom | xargs \"$binary\" --root \"$root\" --state \"$state\" network rm >/dev/null; ip -br link | grep -c '^n[0-9]' || true; table | grep -c '\"n[0-9]' || true").ShouldBe("0\n0");
    }

    [Fact]
    public void What_cannot_be_had_leaves_nothing()
    {
        _host.Run("sampan network create --subnet 10.1.1.0/24 nn >/dev/null");
        Refused("--subnet 10.1.1.128/25", "Pool overlaps with other one on this address space: 10.1.1.128/25 and 10.1.1.0/24 of network nn");
        Refused("--subnet 10.1.2.0/33", "invalid subnet 10.1.2.0/33");
        Refused("--subnet 10.1.2.0/24 --gateway 10.1.2.255", "is the first or the last address of 10.1.2.0/24");
        Refused("--subnet 10.1.2.0/24 --aux-address x=1.2.3", "invalid aux-address: 1.2.3");
        Refused("-o no.such=1", "unknown network option \"no.such\"");
        Refused("-o com.docker.network.bridge.enable_icc=perhaps", "true or false is expected");
        Refused("-d nosuch", "plugin \"nosuch\" not found");
        File.WriteAllText(Path.Combine(_host.Configuration, "networks.json"), """{"default-address-pools": [{"base": "10.99.0.0/24", "size": 25}]}""");
        _host.Run("for name in aa bb; do sampan network create $name >/dev/null 2>&1 || true; done");
        Refused("", "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network");
        File.Delete(Path.Combine(_host.Configuration, "networks.json"));

        // As many as there is room for, and who finds none has nothing of it.
        _host.Run("sampan network create --subnet 10.1.3.0/30 small >/dev/null; sampan run -d --name aa --network small busybox sleep 1000 >/dev/null");
        _host.Try("sampan run -d --name bb --network nn --network small busybox sleep 1000").ShouldFail(125, "no available IPv4 addresses on this network's address pools: small");
        _host.Run("sampan network inspect -f '{{len .Containers}}' nn; ip -br link | grep -c ^sp").ShouldBe("0\n1");
    }

    private static int Number(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : usual;

    private static (int Descriptors, long Kilobytes) Sizes(int pid)
    {
        var place = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}";
        var dirty = File.ReadAllLines(place + "/smaps_rollup").First(static line => line.StartsWith("Private_Dirty:", StringComparison.Ordinal));
        return (Directory.GetFiles(place + "/fd").Length, long.Parse(dirty.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
    }

    private void Refused(string flags, string complaint)
    {
        _host.Try($"sampan network create {flags} xx").ShouldFail(1, complaint);
        _host.Run("ls \"$root\"/networks | grep -c xx || true").ShouldBe("0");
    }

    private void Repeat(int times, string command) => _host.Run($"for i in $(seq {times.ToString(CultureInfo.InvariantCulture)}); do {command}; done");

    private int Devices() => int.Parse(_host.Run("ip -br link | grep -c '^sp' || true"), CultureInfo.InvariantCulture);

    // Addresses, elements, devices, routes and run directories: what there is of any container. Whether the bridge has a carrier at this very moment is no matter.
    private string Left() => _host.Run(
        """
        find "$state"/networks -mindepth 2 -not -name '.*' | wc -l
        table | sed 's/packets.*//'
        ip -o link | wc -l; ip -o addr | sed 's/ tentative//'; ip route | sed 's/ linkdown//'; ip -6 route | wc -l
        ls "$root"/containers | wc -l; ls "$state"
        """);

    private TimeSpan Time(int from, int count)
    {
        var watch = Stopwatch.StartNew();
        _host.Run($"for i in $(seq {from.ToString(CultureInfo.InvariantCulture)} {(from + count - 1).ToString(CultureInfo.InvariantCulture)}); do sampan network create n$i >/dev/null; sampan run --rm --network n$i busybox true; done");
        return watch.Elapsed;
    }
}

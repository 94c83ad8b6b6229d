using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>
/// Commands for networks, killed: at every kernel call that changes something, and at random. What they leave the next command finishes or takes away. The suite has
/// some random kills; SAMPAN_KILLS asks for a number, SAMPAN_KILL_SEED for a sequence that was seen before.
/// </summary>
public sealed class NetworkKillTests : IDisposable
{
    private const int Limit = 500;
    private const int UsualKills = 60;

    // Netlink is spoken by write(2).
    private static readonly string[] Calls =
    [
        "mkdir", "rename", "renameat", "unlink", "unlinkat", "rmdir", "symlinkat", "fsync", "write", "sendto", "sendmsg", "connect", "openat", "flock",
    ];

    private readonly NetworkedHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Create_at_every_step() => AtEveryStep(
        "",
        "network create --subnet 10.1.1.0/24 nn",
        "sampan network rm -f nn >/dev/null; sampan network create --subnet 10.1.1.0/24 nn >/dev/null; sampan run --rm --network nn busybox true; sampan network rm nn");

    [Fact]
    public void Create_of_a_macvlan_network_at_every_step()
    {
        using var far = new FarHost(_host);
        AtEveryStep(
            "",
            "network create -d macvlan --subnet 192.0.2.0/24 --ip-range 192.0.2.64/26 -o parent=wire nn",
            "sampan network rm -f nn >/dev/null; sampan network create -d macvlan --subnet 192.0.2.0/24 --ip-range 192.0.2.64/26 -o parent=wire nn >/dev/null; sampan run --rm --network nn busybox true; sampan network rm nn");
    }

    [Fact]
    public void Rm_at_every_step() => AtEveryStep(
        "sampan network create --subnet 10.1.1.0/24 nn >/dev/null; sampan run --rm --network nn busybox true",
        "network rm nn",
        "sampan network rm -f nn >/dev/null");

    [Fact]
    public void A_network_whose_removal_was_cut_off_serves_until_it_is_gone() => AtEveryStep(
        "sampan network create --subnet 10.1.1.0/24 nn >/dev/null; sampan run --rm --network nn busybox true",
        "network rm nn",
        "if sampan network inspect nn >/dev/null 2>&1; then sampan run --rm --network nn busybox ping -c 1 -W 5 10.1.1.1 >/dev/null; sampan network rm nn >/dev/null; fi");

    [Fact]
    public void Connect_at_every_step()
    {
        _host.Run("sampan network create --subnet 10.1.2.0/24 home >/dev/null; sampan run -d --name cc --network home busybox sleep 1000 >/dev/null");
        AtEveryStep(
            "sampan network create --subnet 10.1.1.0/24 nn >/dev/null",
            "network connect nn cc",
            """
            sampan exec cc true
            known=$(sampan inspect -f '{{len .NetworkSettings.Networks}}' cc)
            [ "$(sampan exec cc ip -o link | wc -l)" = $((known + 1)) ] || { echo "devices: $known networks"; sampan exec cc ip -o link; exit 1; }
            [ "$(sampan network inspect -f '{{len .Containers}}' nn)" = $((known - 1)) ] || { echo addresses; exit 1; }
            [ "$known" = 1 ] || sampan network disconnect nn cc
            sampan network rm nn >/dev/null
            """);
    }

    [Fact]
    public void At_random()
    {
        var seed = Number("SAMPAN_KILL_SEED") ?? Environment.TickCount;
        var asked = Number("SAMPAN_KILLS") ?? UsualKills;
        var random = new Random(seed);
        var kills = 0;
        List<string> history = [];
        for (var round = 0; kills < asked && round < asked * 4; round++)
        {
            var name = $"c{random.Next(4).ToString(CultureInfo.InvariantCulture)}";
            var network = $"n{random.Next(3).ToString(CultureInfo.InvariantCulture)}";
            string[] commands =
            [
                $"network create {network}", $"network create --internal {network}", $"network rm {network}", $"network rm -f {network}", "network prune -f", "network reload",
                $"network connect {network} {name}", $"network disconnect {network} {name}", $"run -d --name {name} --network {network} -p 80 busybox sleep 1000",
                $"run -d --name {name} --network {network} --restart always busybox usleep 30000", $"run --rm --network {network} busybox true",
                $"run -d --name {name} busybox sleep 1000", $"stop -t 0 {name}", $"restart -t 0 {name}", $"start {name}", $"rm -f {name}",
            ];
            var command = commands[random.Next(commands.Length)];
            var monitors = _host.Files.Monitors();
            var monitor = monitors.Count > 0 && random.Next(3) == 0 ? monitors[random.Next(monitors.Count)].ToString(CultureInfo.InvariantCulture) : "";
            var microseconds = random.Next(1, 30000).ToString(CultureInfo.InvariantCulture);
            history.Add($"{command} ({microseconds} µs{(monitor.Length == 0 ? "" : ", a monitor too")})");
            var said = _host.Try($"\"$binary\" --root \"$root\" --state \"$state\" {command} >/dev/null 2>&1 & command=$!; busybox usleep {microseconds}; kill -9 $command {monitor} 2>/dev/null && echo killed; wait; true");
            kills += said.Output.Contains("killed", StringComparison.Ordinal) ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed.ToString(CultureInfo.InvariantCulture)}: {kills.ToString(CultureInfo.InvariantCulture)} kills");
        var told = $"seed {seed.ToString(CultureInfo.InvariantCulture)}, after\n{string.Join('\n', history.TakeLast(40))}";
        kills.ShouldBeGreaterThan(10, told);
        _host.Try("sampan ps -aq | xargs -r -n 1 \"$binary\" --root \"$root\" --state \"$state\" rm -f >/dev/null; sampan network prune -f >/dev/null; sampan network ls --filter type=custom -q | wc -l").Text.ShouldBe("0", told);
        NothingShouldBeLeft(told);
        _host.Run("sampan network create nn >/dev/null; sampan run --rm --network nn -p 80 busybox true; sampan network rm nn").ShouldBe("nn", told);
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private void AtEveryStep(string before, string command, string after)
    {
        var kills = 0;
        foreach (var call in Calls)
        {
            for (var number = 1; ; number++)
            {
                number.ShouldBeLessThan(Limit, "the command makes ever more calls");
                var step = $"{call} {number.ToString(CultureInfo.InvariantCulture)} of {command}";
                var killed = _host.Try(
                    $"{before}\nstrace -f -q -o \"$state.calls\" -e trace={call} -e inject={call}:signal=KILL:when={number.ToString(CultureInfo.InvariantCulture)} "
                    + $"\"$binary\" --root \"$root\" --state \"$state\" {command} >/dev/null 2>&1 || true\ngrep -c 'killed by SIGKILL' \"$state.calls\" || true");
                var cleaned = _host.Try(after);
                cleaned.ExitCode.ShouldBe(0, $"{step}: {cleaned}");
                NothingShouldBeLeft(step);
                if (killed.Text == "0")
                {
                    break;
                }

                kills++;
            }
        }

        kills.ShouldBeGreaterThan(5);
    }

    // Of the network nn, or any n0..: bridge, addresses, elements of the packet filter.
    private void NothingShouldBeLeft(string step)
    {
        _host.Run("ip -br link | grep -c '^n[n0-9]' || true; table | grep -c '\"n[n0-9]\"' || true").ShouldBe("0\n0", step);
        _host.Run("for network in \"$state\"/networks/*; do [ ! -d \"$network\" ] || grep -q \"$(basename \"$network\")\" \"$root\"/networks/*.json || echo \"$network\"; done").ShouldBeEmpty(step);
    }
}

using System.Globalization;

namespace Sampan.EndToEnd.Failures;

/// <summary>
/// Commands and monitors are killed at random while a script of commands runs: whatever is left tells the truth and nothing is left over. 500
/// kills or a minute; SAMPAN_KILLS asks for a number however long it takes, SAMPAN_KILL_SEED for a sequence that was seen before.
/// </summary>
public sealed class RandomKillTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Containers = 6;
    private const int Rounds = 20;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);
    private readonly List<string> _history = [];

    [Fact]
    public void State_stays_honest_and_nothing_is_left()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SAMPAN_KILL_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount;
        var asked = int.TryParse(Environment.GetEnvironmentVariable("SAMPAN_KILLS"), CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var random = new Random(seed);
        var started = DateTime.UtcNow;
        var kills = 0;
        var adopted = 0;
        for (var round = 0; kills < (asked ?? 500) && (asked is not null || DateTime.UtcNow - started < Enough); round++)
        {
            kills += Round(random);
            if (round % Rounds == Rounds - 1)
            {
                adopted += AllIsWell(seed);
            }
        }

        adopted += AllIsWell(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {kills} kills, {adopted} containers found running, {(DateTime.UtcNow - started).TotalSeconds:0} s");
        kills.ShouldBeGreaterThan(20, $"seed {seed}");
        host.RemoveContainers();
        GroupsOfAllThereWere().ShouldBeEmpty($"seed {seed}");
    }

    /// <summary>Every container there ever was has been told of; its control group went with it.</summary>
    private List<string> GroupsOfAllThereWere()
    {
        var ids = host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "event=start", "--format", "{{.Actor.ID}}").ShouldSucceed().Split('\n').Distinct().ToList();
        ids.Count.ShouldBeGreaterThan(5);
        return [.. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").SelectMany(tree => ids.Select(id => $"{tree}/sampan/{id}")).Where(Directory.Exists)];
    }

    private static string[][] Commands(string name, string other, Random random) =>
    [
        ["run", "-d", "--name", name, "busybox", "sleep", "1000"],
        ["run", "-d", "--name", name, "--restart", "always", "busybox", "sh", "-c", "echo life; sleep 0.2"],
        ["run", "-d", "--name", name, "--health-cmd", "true", "--health-interval", "100ms", "busybox", "sh", "-c", "while :; do echo tick; sleep 0.05; done"],
        ["run", "--rm", "--name", name, "busybox", "sh", "-c", "echo out; sleep 0.1"],
        ["run", "-d", "-t", "--name", name, "busybox", "sh"],
        ["run", "-d", "-v", "/data", "--rm", "--name", name, "busybox", "sleep", "1000"],
        ["create", "--name", name, "busybox", "sleep", "1000"],
        ["start", name],
        ["stop", "-t", random.Next(2).ToString(CultureInfo.InvariantCulture), name],
        ["restart", "-t", "0", name],
        ["kill", name],
        ["pause", name],
        ["unpause", name],
        ["rename", name, other],
        ["update", "-m", "64m", name],
        ["exec", name, "sh", "-c", "echo in; sleep 0.05"],
        ["exec", "-d", name, "sleep", "1000"],
        ["logs", name],
        ["logs", "-f", name],
        ["wait", name],
        ["attach", "--no-stdin", name],
        ["rm", name],
        ["rm", "-f", "-v", name],
        ["ps", "-a"],
        ["inspect", name],
        ["top", name],
        ["stats", "--no-stream"],
        ["diff", name],
        ["export", "-o", "/dev/null", name],
        ["cp", name + ":/bin", "-"],
        ["container", "prune", "-f"],
        ["volume", "prune", "-f"],
        ["system", "df"],
        ["system", "boot"],
    ];

    /// <summary>Some commands at once, some of them killed, and monitors with them.</summary>
    private int Round(Random random)
    {
        var kills = 0;
        List<RunningCommand> running = [];
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var choice = Commands(Name(random), Name(random), random);
            var words = choice[random.Next(choice.Length)];
            _history.Add(string.Join(' ', words));
            var command = host.Start(words);
            command.CloseInput();
            running.Add(command);
        }

        // Anywhere in their lives.
        _ = SpinWait.SpinUntil(() => running.TrueForAll(command => command.HasExited), random.Next(25));
        foreach (var command in running)
        {
            if (random.Next(2) == 0 && !command.HasExited)
            {
                _ = Native.kill(command.Pid, Native.SIGKILL);
                kills++;
            }
        }

        var monitors = host.Monitors();
        for (var count = random.Next(3); count > 0 && monitors.Count > 0; count--)
        {
            var monitor = monitors[random.Next(monitors.Count)];
            _history.Add($"kill of monitor {monitor}");
            _ = Native.kill(monitor, Native.SIGKILL);
            kills++;
        }

        foreach (var command in running)
        {
            // Those that follow a container end when they are ended.
            if (!SpinWait.SpinUntil(() => command.HasExited, 300))
            {
                _ = Native.kill(command.Pid, Native.SIGKILL);
                kills++;
            }

            _ = command.Wait();
            command.Dispose();
        }

        return kills;
    }

    /// <returns>How many containers run.</returns>
    private int AllIsWell(int seed)
    {
        var said = $"seed {seed}, after\n{string.Join('\n', _history.TakeLast(40))}";
        host.Sampan("ps", "-a").ExitCode.ShouldBe(0, said);
        string[][] containers = [];
        Patience.ShouldCome(
            () =>
            {
                containers = [.. host.Sampan("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.State}}").ShouldSucceed().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
                return containers.Where(container => container[1] is "running" or "paused").All(container => Serves(container[0]));
            },
            $"what is said to run does, under one monitor: {said}");
        foreach (var container in containers.Where(container => container[1] is "exited" or "created"))
        {
            Patience.ShouldCome(() => !Directory.Exists("/sys/fs/cgroup/memory/sampan/" + container[0]) || host.Status(container[0]) is not ("exited" or "created"), $"nothing of {container[0]} is left: {said}");
        }

        // A monitor that was started by a command killed then has the lock for a moment: it is the next command that finds it free.
        if (!Patience.Until(() => host.Sampan("ps", "-a").ExitCode == 0 && host.Sampan("system", "check") is { ExitCode: 0, Output: "" }))
        {
            Assert.Fail($"system check is not clean: {host.Sampan("system", "check")}\n{string.Join('\n', Enumerable.Range(0, Containers).Select(Details))}\n{said}");
        }

        return containers.Count(container => container[1] is "running" or "paused");
    }

    private bool Serves(string id)
    {
        var state = host.Sampan("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", id);
        if (state.ExitCode != 0 || state.Text.Split(' ') is not [var status, var pid])
        {
            return true;
        }

        // It may be another state by now, which is asked again.
        var monitors = host.Monitors().Count(monitor => Processes.CommandLine(monitor).Contains(id, StringComparison.Ordinal));
        return status is not ("running" or "paused") || (monitors == 1 && Processes.IsAlive(int.Parse(pid, CultureInfo.InvariantCulture)));
    }

    private string Details(int number) =>
        $"{host.Sampan("inspect", "-f", "{{.Id}} {{json .State}}", $"r{number}")}\n{host.Sampan("exec", $"r{number}", "true")}\n"
        + host.Sampan("events", "--since", "1m", "--until", "0s", "--filter", $"container=r{number}").Output;

    private static string Name(Random random) => $"r{random.Next(Containers)}";
}

using System.Globalization;

namespace Sampan.EndToEnd.Failures;

/// <summary>
/// Commands that change a host's images, some at once, most of them killed at a random moment. SAMPAN_KILLS asks for a number of kills however
/// long it takes, SAMPAN_KILL_SEED for a sequence that was seen before.
/// </summary>
/// <param name="host">Whose images.</param>
/// <param name="enough">How long it goes on when no number is asked for.</param>
internal sealed class KilledCommands(Host host, TimeSpan enough)
{
    private const int Most = 500;
    private readonly List<string> _history = [];
    private readonly int? _asked = Number("SAMPAN_KILLS");
    private readonly int _seed = Number("SAMPAN_KILL_SEED") ?? Environment.TickCount;
    private readonly DateTime _started = DateTime.UtcNow;
    private Random? _random;
    private int _ended;

    /// <summary>What is chosen by chance.</summary>
    public Random Random => _random ??= new(_seed);

    /// <summary>How many were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Whether there is to be another round.</summary>
    public bool GoOn => Kills < (_asked ?? Most) && (_asked is not null || DateTime.UtcNow - _started < enough);

    /// <summary>What to say when something is wrong.</summary>
    public string Said => $"seed {_seed}, after\n{string.Join('\n', _history.TakeLast(40))}";

    /// <summary>Starts one to three commands, and kills most of those that have not ended after a while. Those that end say one thing at the most.</summary>
    /// <param name="choose">Chooses a command.</param>
    /// <param name="longest">Milliseconds of the longest while.</param>
    public void Round(Func<string[]> choose, int longest)
    {
        List<RunningCommand> running = [];
        for (var count = Random.Next(1, 4); count > 0; count--)
        {
            var words = choose();
            _history.Add(string.Join(' ', words));
            var command = host.Start(words);
            command.CloseInput();
            running.Add(command);
        }

        _ = SpinWait.SpinUntil(() => running.TrueForAll(command => command.HasExited), Random.Next(longest));
        foreach (var command in running)
        {
            if (Random.Next(4) > 0 && !command.HasExited)
            {
                _ = Native.kill(command.Pid, Native.SIGKILL);
                Kills++;
            }

            var result = command.Wait();
            _ended += result.ExitCode == 0 ? 1 : 0;
            result.ExitCode.ShouldBeOneOf([0, 1, 137], result.ToString());
            result.Error.Split('\n').Length.ShouldBeLessThanOrEqualTo(2, result.ToString());
            command.Dispose();
        }
    }

    /// <summary>The store is whole, at the latest after one repair, and every image that has a name can be read.</summary>
    public void ShouldBeWhole()
    {
        // A writer that was killed leaves its directory, and what it had published when it was killed before the index: the next collection takes both.
        host.Sampan("image", "prune", "-f").ExitCode.ShouldBe(0, Said);
        var check = host.Sampan("system", "check", "--digests");
        if (check.ExitCode != 0)
        {
            // What a kill between two renames left nobody needs: one repair, and all is clean.
            check.Lines.ShouldNotContain(line => line.StartsWith("image "), $"{check}\n{Said}");
            host.Sampan("system", "check", "--repair").ExitCode.ShouldBe(0, Said);
            host.Sampan("system", "check", "--digests").ToString().ShouldContain("exit code 0", Case.Sensitive, Said);
        }

        foreach (var name in host.Sampan("images", "--format", "{{.Repository}}:{{.Tag}}").Lines.Where(name => !name.StartsWith('<')))
        {
            host.Sampan("save", "-o", "/dev/null", name).ExitCode.ShouldBe(0, $"{name}: {Said}");
        }
    }

    /// <summary>Says how it went, and that it was worth it.</summary>
    public void Tell()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}: {Kills} kills, {_ended} commands came to their end, {(DateTime.UtcNow - _started).TotalSeconds:0} s");
        Kills.ShouldBeGreaterThan(20, Said);
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}

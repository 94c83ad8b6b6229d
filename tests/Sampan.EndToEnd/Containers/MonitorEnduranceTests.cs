using System.Globalization;

namespace Sampan.EndToEnd.Containers;

/// <summary>
/// A monitor that has served many execs and health checks and rotated its log many times has no more open, no more children and no more
/// memory than before. The suite runs a share; SAMPAN_SOAK=1 runs ten thousand of each.
/// </summary>
public sealed class MonitorEnduranceTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Warmup = 400;
    private const int AtOnce = 4;
    private const int Part = 400;
    private const int Tolerance = 384;
    private const int MostMemory = 4096;
    private const int MostAtWork = 6144;
    private static readonly bool Soak = Environment.GetEnvironmentVariable("SAMPAN_SOAK") == "1";
    private static readonly int Lives = Soak ? 10_000 : 800;

    [Theory]
    [InlineData("json-file")]
    [InlineData("local")]
    public void Execs_and_rotations_leave_nothing_behind(string driver)
    {
        var id = host.Detached(
            "--init", "--log-driver", driver, "--log-opt", "max-size=20k", "--log-opt", "max-file=3", "--log-opt", "compress=true",
            "busybox", "sh", "-c", "while :; do seq 500; sleep 0.02; done");
        var monitor = MonitorOf(id);
        Exec(id, Warmup);
        var before = AtRest(id, monitor);
        Exec(id, Lives);
        ShouldBeAsBefore(id, monitor, before, $"{Lives} execs, {driver}");
        Directory.GetFiles(Path.Combine(host.Root, "containers", id), "*.log*", SearchOption.AllDirectories).Length.ShouldBeInRange(2, 5);
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Health_checks_that_leave_orphans_leave_nothing_behind()
    {
        var id = host.Detached(
            "--init", "--health-cmd", "echo -n x >> /count; (sleep 0.01 &); (sleep 0.02 & sleep 0.01 &); echo looked", "--health-interval", "1ms", "busybox", "sleep", "100000");
        var monitor = MonitorOf(id);
        var counter = $"/proc/{host.Pid(id)}/root/count";
        Count(counter, Warmup);
        var before = AtRest(id, monitor);
        Count(counter, Warmup + Lives);
        ShouldBeAsBefore(id, monitor, before, $"{Lives} health checks");

        // What they left in the container is its init's to reap: nothing is left of it either.
        Patience.ShouldCome(() => InContainer(host.Pid(id)) <= 1, $"{InContainer(host.Pid(id))} processes are left in the container");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Frequent_health_checks_and_a_chatty_container_leave_the_monitor_small()
    {
        const int checks = 200;
        var id = host.Detached(
            "--health-cmd", "echo -n x >> /count", "--health-interval", "100ms", "busybox", "sh", "-c", "while :; do echo still here; sleep 0.3; done");
        var monitor = MonitorOf(id);
        Count($"/proc/{host.Pid(id)}/root/count", checks);

        // Whenever one looks, not only at rest: it never is.
        List<int> samples = [];
        for (var until = Environment.TickCount64 + 3_000; Environment.TickCount64 < until;)
        {
            samples.Add(Kibibytes(monitor, "VmRSS:"));
        }

        samples.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"least {samples[0]}, half {samples[samples.Count / 2]}, most {samples[^1]}");
        samples[samples.Count / 2].ShouldBeLessThan(MostMemory);
        samples[^1].ShouldBeLessThan(MostAtWork, "while a check is being made, and where its garbage is collected");
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    // By its child: an init, or a process on its way, has the monitor's command line too.
    private int MonitorOf(string id) => int.Parse(Processes.Status(host.Pid(id), "PPid"), CultureInfo.InvariantCulture);

    // A log is packed a little with each line that is written: where a paused container's stands half packed is chance, and the old file and the packed one
    // (NAME.log.1, NAME.log.1.gz.new) are open for as long.
    private static int Descriptors(int pid) =>
        Directory.GetFiles($"/proc/{pid}/fd").Count(path => Link(path) is not { } target || !Path.GetFileName(target).Contains(".log.", StringComparison.Ordinal));

    private static int Children(int pid) =>
        Directory.GetDirectories($"/proc/{pid}/task").Sum(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    private static int InContainer(int init) => Processes.Where("").Count(pid => Processes.Status(pid, "NSpid").Contains('\t') && IsIn(pid, init)) - 1;

    private static bool IsIn(int pid, int init) => Link($"/proc/{pid}/ns/pid") is { } space && space == Link($"/proc/{init}/ns/pid");

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Kibibytes(int pid, string field) => int.Parse(
        File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private static void Count(string counter, int times)
    {
        // Bounded by progress: a thousand checks take as long as they take, and one no longer than patience.
        for (var reached = Length(counter); reached < times; reached = Length(counter))
        {
            var at = reached;
            Patience.ShouldCome(() => Length(counter) > at, $"health checks go on after {at}");
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>One that stands still lets its monitor give memory back: what is left then.</summary>
    private (int Descriptors, int Private, int Resident) AtRest(string id, int monitor, int enough = 0)
    {
        host.Sampan("pause", id).ShouldSucceed();
        Patience.ShouldCome(() => Children(monitor) == 1, "the container's process is its only child: no zombie is left");

        // What is the monitor's alone: what it has of files counts less the more monitors there are, and those are other tests'.
        var (own, resident) = (int.MaxValue, int.MaxValue);

        // It gives back in its own time, what it alone has and what of its file it has mapped: as soon as it is small enough nobody waits on.
        var until = Environment.TickCount64 + (enough > 0 ? 10_000 : 2_000);
        while (Environment.TickCount64 < until && (own > enough || resident >= MostMemory))
        {
            own = Math.Min(own, Kibibytes(monitor, "RssAnon:"));
            resident = Math.Min(resident, Kibibytes(monitor, "VmRSS:"));
        }

        var descriptors = Descriptors(monitor);
        host.Sampan("unpause", id).ShouldSucceed();
        return (descriptors, own, resident);
    }

    private void ShouldBeAsBefore(string id, int monitor, (int Descriptors, int Private, int Resident) before, string what)
    {
        var after = AtRest(id, monitor, before.Private);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: before {before}, after {after}");
        after.Descriptors.ShouldBe(before.Descriptors, what);
        after.Private.ShouldBeLessThan(before.Private + Tolerance, what);
        after.Resident.ShouldBeLessThan(MostMemory, what);
        Processes.Status(monitor, "Threads").ShouldBe("2", "it gets no threads");
    }

    // In parts, each of which patience is enough for.
    private void Exec(string id, int times)
    {
        for (var done = 0; done < times; done += Part)
        {
            Host.Shell(
                "all=; for at in $(seq $1); do (for i in $(seq $(($2 / $1))); do \"${@:3}\" true </dev/null || exit 1; done) & all=\"$all $!\"; done; for one in $all; do wait $one; done",
                [$"{AtOnce}", $"{Math.Min(Part, times - done)}", Host.Binary, .. host.Arguments("exec", id)]);
        }
    }
}

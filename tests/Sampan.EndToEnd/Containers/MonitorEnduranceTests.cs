namespace Sampan.EndToEnd.Containers;

/// <summary>A monitor that has served many execs and rotated its log many times has no more open and holds no more memory than before.</summary>
public sealed class MonitorEnduranceTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const int Execs = 300;
    private const int Batch = 100;
    private const int Tolerance = 1024;

    [Theory]
    [InlineData("json-file")]
    [InlineData("local")]
    public void Execs_and_rotations_leave_nothing_behind(string driver)
    {
        var id = host.Detached(
            "--log-driver", driver, "--log-opt", "max-size=20k", "--log-opt", "max-file=3", "--log-opt", "compress=true",
            "busybox", "sh", "-c", "while :; do seq 500; sleep 0.02; done");
        var monitor = host.Monitor(id);
        Exec(id, 50);
        var descriptors = Patience.Until(() => Descriptors(monitor) <= 20) ? Descriptors(monitor) : -1;
        descriptors.ShouldBeGreaterThan(0, "the monitor has few descriptors at rest");
        var memory = MemoryAtRest(id, monitor);
        for (var done = 0; done < Execs; done += Batch)
        {
            Exec(id, Batch);
        }

        // What waits for an event that is on its way goes with it; what leaked stays.
        Patience.ShouldCome(() => Descriptors(monitor) <= descriptors + 1, $"{Descriptors(monitor)} descriptors, {descriptors} before");
        Patience.ShouldCome(() => Children(monitor) == 1, "the container's process is the only child: no zombie is left");
        MemoryAtRest(id, monitor, memory + Tolerance).ShouldBeLessThan(memory + Tolerance, "kibibytes held by the monitor");
        Directory.GetFiles(Path.Combine(host.Root, "containers", id), "*.log*", SearchOption.AllDirectories).Length.ShouldBeInRange(2, 5);
        host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    private static int Descriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;

    private static int Children(int pid) =>
        Directory.GetDirectories($"/proc/{pid}/task").Sum(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    private static int Kibibytes(int pid) => int.Parse(
        File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

    /// <summary>A container that stands still lets its monitor give memory back.</summary>
    private int MemoryAtRest(string id, int monitor, int enough = 6144)
    {
        host.Sampan("kill", "-s", "STOP", id).ShouldSucceed();
        Patience.Until(() => Kibibytes(monitor) < enough);
        var memory = Kibibytes(monitor);
        host.Sampan("kill", "-s", "CONT", id).ShouldSucceed();
        return memory;
    }

    private void Exec(string id, int times) => Host.Shell(
        "for i in $(seq $1); do \"${@:2}\" true </dev/null; done", [$"{times}", Host.Binary, .. host.Arguments("exec", id)]);
}

using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Tests.Monitors;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Logs;

public sealed class ContainerLogTests : IDisposable
{
    private readonly ShellEngine _shells = new();

    [Fact]
    public void Reads_all_or_the_last_lines_over_files()
    {
        var container = Logged(100, new LogLimits(2000, 10));
        Read(container, new()).ShouldBe(Numbers(0, 100));
        foreach (var tail in new[] { 0, 1, 2, 13, 50, 99, 100, 101, 1000 })
        {
            Read(container, new() { Tail = tail }).ShouldBe(Numbers(Math.Max(0, 100 - tail), Math.Min(tail, 100)), $"tail {tail}");
        }
    }

    [Fact]
    public void Chooses_streams_and_times()
    {
        var container = _shells.Create("true");
        File.WriteAllText(
            container.LogPath,
            """
            {"log":"a\n","stream":"stdout","time":"2024-01-01T00:00:00Z"}
            {"log":"b\n","stream":"stderr","time":"2024-01-02T00:00:00.5Z"}
            torn {"log":
            {"log":"c\n","attrs":{"x":"y"},"stream":"stdout","time":"2024-01-03T00:00:00.123456789Z"}
            {"log":"unfini
            """);
        Read(container, new()).ShouldBe(["a\n", "E:b\n", "c\n"]);
        Read(container, new() { Stdout = false }).ShouldBe(["E:b\n"]);
        Read(container, new() { Since = new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero) }).ShouldBe(["E:b\n", "c\n"]);
        Read(container, new() { Until = new DateTimeOffset(2024, 1, 2, 12, 0, 0, TimeSpan.Zero) }).ShouldBe(["a\n", "E:b\n"]);
        var consumer = new CollectingConsumer();
        _shells.Engine.Log(container).Read(new(), consumer);
        consumer.Times[2].ShouldBe("2024-01-03T00:00:00.123456789Z");
    }

    [Fact]
    public void Nothing_logged_is_nothing_read() => Read(_shells.Create("true"), new() { Tail = 3 }).ShouldBeEmpty();

    [Fact]
    public void A_driver_without_memory_cannot_be_read()
    {
        var container = _shells.Create("true", host: new HostConfig { LogConfig = new LogConfig { Type = "none" } });
        Should.Throw<SampanException>(() => Read(container, new())).Message.ShouldBe("configured logging driver does not support reading");
    }

    [Fact]
    public void Follows_across_rotations_until_the_container_ends()
    {
        var options = new LogConfig { Config = new Dictionary<string, string> { ["max-size"] = "4k", ["max-file"] = "1000" } };
        var container = _shells.Create("read go; i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done", c => c with { OpenStdin = true }, new HostConfig { LogConfig = options });
        using var connection = _shells.Engine.Start(container, new StartOptions { AttachStdin = true });
        var consumer = new CollectingConsumer { OnFlush = flushes => Go(flushes, connection) };
        _shells.Engine.Log(container).Read(new() { Follow = true }, consumer);
        consumer.Lines.ShouldBe(Numbers(0, 3000));
        File.Exists(container.LogPath + ".5").ShouldBeTrue();
    }

    [Fact]
    public void Following_what_does_not_run_ends_at_once()
    {
        var container = Logged(3, LogLimits.Default);
        Read(container, new() { Follow = true }).ShouldBe(Numbers(0, 3));
    }

    public void Dispose() => _shells.Dispose();

    private static void Go(int flushes, Sampan.Engine.Monitors.MonitorConnection connection)
    {
        if (flushes == 1)
        {
            connection.SendInput("\n"u8);
        }
    }

    private static IEnumerable<string> Numbers(int first, int count) => Enumerable.Range(first, count).Select(number => $"{number}\n");

    private List<string> Read(Container container, LogReadOptions options)
    {
        var consumer = new CollectingConsumer();
        _shells.Engine.Log(container).Read(options, consumer);
        return consumer.Lines;
    }

    private Container Logged(int lines, LogLimits limits)
    {
        var container = _shells.Create("true");
        using var writer = new LineSplitter([new JsonLogSink(container.LogPath, limits)]);
        for (var line = 0; line < lines; line++)
        {
            writer.Append(LogStream.Stdout, Encoding.ASCII.GetBytes($"{line}\n"));
        }

        writer.Finish();
        return container;
    }
}

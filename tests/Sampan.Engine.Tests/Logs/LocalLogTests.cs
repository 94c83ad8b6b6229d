using System.IO.Compression;
using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Tests.Monitors;

namespace Sampan.Engine.Tests.Logs;

public sealed class LocalLogTests : IDisposable
{
    private readonly ShellEngine _shells = new();

    private static HostConfig Local { get; } = new() { LogConfig = new LogConfig { Type = "local" } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_or_the_last_lines_over_files_plain_or_packed(bool compress)
    {
        var container = Logged(400, new LogLimits(2000, 50, compress));
        File.Exists(PathOf(container) + ".3.gz").ShouldBe(compress);
        File.Exists(PathOf(container) + ".3").ShouldBe(!compress);
        Read(container, new()).ShouldBe(Numbers(0, 400));
        foreach (var tail in new[] { 0, 1, 2, 13, 50, 199, 399, 400, 401 })
        {
            Read(container, new() { Tail = tail }).ShouldBe(Numbers(Math.Max(0, 400 - tail), Math.Min(tail, 400)), $"tail {tail}");
        }
    }

    [Fact]
    public void Packed_files_of_json_are_read_too()
    {
        var container = _shells.Create("true");
        Write(new JsonLogSink(container.LogPath, new LogLimits(3000, 50, Compress: true)), 400);
        Directory.GetFiles(container.Directory, "*.gz").Length.ShouldBeGreaterThan(3);
        Read(container, new()).ShouldBe(Numbers(0, 400));
        Read(container, new() { Tail = 300 }).ShouldBe(Numbers(100, 300));
    }

    [Fact]
    public void A_packed_file_is_gzip_to_anybody()
    {
        var container = Logged(400, new LogLimits(2000, 50, Compress: true));
        using var file = new GZipStream(File.Open(PathOf(container) + ".2.gz", new FileStreamOptions()), CompressionMode.Decompress);
        using var content = new MemoryStream();
        file.CopyTo(content);
        content.Length.ShouldBeInRange(1000, 2000);
    }

    [Fact]
    public void Streams_pieces_times_and_any_byte_come_back()
    {
        var container = _shells.Create("true", host: Local);
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(container))!);
        using (var writer = new LineSplitter([new LocalLogSink(PathOf(container), LogLimits.Local)]))
        {
            writer.Append(LogStream.Stderr, "err\n"u8);
            writer.Append(LogStream.Stdout, Encoding.ASCII.GetBytes(new string('x', (16 << 10) + 5) + "\n\n"));
            writer.Append(LogStream.Stdout, "unfinished"u8);
            writer.Finish();
        }

        var consumer = new CollectingConsumer();
        _shells.Engine.Log(container).Read(new() { Details = true }, consumer);
        consumer.Lines.ShouldBe(["E:err\n", new string('x', 16 << 10), "xxxxx\n", "\n", "unfinished"]);
        DateTimeOffset.Parse(consumer.Times[0], System.Globalization.CultureInfo.InvariantCulture).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_torn_record_at_the_end_is_passed_over_and_cut_off_by_the_next_run()
    {
        var container = Logged(3, LogLimits.Local);
        var whole = new FileInfo(PathOf(container)).Length;
        foreach (var torn in new byte[][] { [0], [0, 0, 0, 20, 10], [0, 0, 0, 9, 10, 6, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0] })
        {
            using (var file = File.Open(PathOf(container), new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write }))
            {
                file.Write(torn);
            }

            Read(container, new()).ShouldBe(Numbers(0, 3));
            Read(container, new() { Tail = 2 }).ShouldBe(Numbers(1, 2));
            new LocalLogSink(PathOf(container), LogLimits.Local).Dispose();
            new FileInfo(PathOf(container)).Length.ShouldBe(whole);
        }
    }

    [Fact]
    public void Following_crosses_rotations_and_packing()
    {
        var options = new LogConfig { Type = "local", Config = new Dictionary<string, string> { ["max-size"] = "4k", ["max-file"] = "1000" } };
        var container = _shells.Create(
            "read go; i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done", c => c with { OpenStdin = true }, new HostConfig { LogConfig = options });
        using var connection = _shells.Engine.Start(container, new StartOptions { AttachStdin = true });
        var consumer = new CollectingConsumer
        {
            OnFlush = flushes =>
            {
                if (flushes == 1)
                {
                    connection.SendInput("\n"u8);
                }
            },
        };
        _shells.Engine.Log(container).Read(new() { Follow = true }, consumer);
        consumer.Lines.ShouldBe(Numbers(0, 3000));
        File.Exists(PathOf(container) + ".5.gz").ShouldBeTrue();
        Read(container, new() { Tail = 2500 }).ShouldBe(Numbers(500, 2500));
    }

    public void Dispose() => _shells.Dispose();

    private static string PathOf(Container container) => container.Directory + "/local-logs/container.log";

    private static IEnumerable<string> Numbers(int first, int count) => Enumerable.Range(first, count).Select(number => $"{number}\n");

    private List<string> Read(Container container, LogReadOptions options)
    {
        var consumer = new CollectingConsumer();
        _shells.Engine.Log(container).Read(options, consumer);
        return consumer.Lines;
    }

    private static void Write(ILogSink sink, int lines)
    {
        using var writer = new LineSplitter([sink]);
        for (var line = 0; line < lines; line++)
        {
            writer.Append(LogStream.Stdout, Encoding.ASCII.GetBytes($"{line}\n"));
            writer.Flush();
        }

        writer.Finish();
    }

    private Container Logged(int lines, LogLimits limits)
    {
        var container = _shells.Create("true", host: Local);
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(container))!);
        Write(new LocalLogSink(PathOf(container), limits), lines);
        return container;
    }
}

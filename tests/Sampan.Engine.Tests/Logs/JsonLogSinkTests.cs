using System.Text;
using System.Text.Json;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Tests.Storage;
using Sampan.Linux;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Tests.Logs;

public sealed class JsonLogSinkTests : IDisposable
{
    private readonly TemporaryState _state = new();

    private string LogPath => _state.Base + "/log";

    [Fact]
    public void A_line_is_an_object_of_docker()
    {
        Write(writer => writer.Append(LogStream.Stderr, "hello\n"u8));
        File.ReadAllText(LogPath).ShouldMatch("""^\{"log":"hello\\n","stream":"stderr","time":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"\}\n$""");
    }

    [Fact]
    public void A_line_may_come_in_pieces_and_two_streams_do_not_mix()
    {
        Write(writer =>
        {
            writer.Append(LogStream.Stdout, "ab"u8);
            writer.Append(LogStream.Stderr, "x"u8);
            writer.Append(LogStream.Stdout, "c\nd"u8);
            writer.Append(LogStream.Stderr, "y\n"u8);
        });
        Texts(LogPath).ShouldBe(["abc\n", "xy\n", "d"]);
    }

    [Fact]
    public void A_long_line_is_cut_at_16_KiB()
    {
        var line = new string('x', (16 << 10) + 5) + "\n";
        foreach (var chunk in new[] { 1 << 20, 1000, 16384, 16385 })
        {
            File.Delete(LogPath);
            Write(writer => AppendInChunks(writer, Encoding.ASCII.GetBytes(line + "next\n"), chunk));
            Texts(LogPath).ShouldBe([new string('x', 16 << 10), "xxxxx\n", "next\n"], $"chunks of {chunk}");
        }
    }

    [Fact]
    public void A_line_of_exactly_16_KiB_is_whole()
    {
        var line = new string('x', 16 << 10) + "\n";
        foreach (var chunk in new[] { 1 << 20, 1000, 16384 })
        {
            File.Delete(LogPath);
            Write(writer => AppendInChunks(writer, Encoding.ASCII.GetBytes(line), chunk));
            Texts(LogPath).ShouldBe([line], $"chunks of {chunk}");
        }
    }

    [Fact]
    public void A_long_line_is_not_cut_inside_a_character()
    {
        var line = "x" + string.Concat(Enumerable.Repeat("€", 10_000)) + "\n";
        foreach (var chunk in new[] { 1 << 20, 777 })
        {
            File.Delete(LogPath);
            Write(writer => AppendInChunks(writer, Encoding.UTF8.GetBytes(line), chunk));
            string.Concat(Texts(LogPath)).ShouldBe(line, $"chunks of {chunk}");
        }
    }

    [Fact]
    public void Rotates_before_a_file_grows_too_long_and_keeps_as_many_as_asked_for()
    {
        Write(
            writer =>
            {
                for (var line = 0; line < 100; line++)
                {
                    writer.Append(LogStream.Stdout, Encoding.ASCII.GetBytes($"line {line}\n"));
                }
            },
            new LogLimits(1000, 3));
        File.Exists(LogPath + ".3").ShouldBeFalse();
        foreach (var path in new[] { LogPath, LogPath + ".1", LogPath + ".2" })
        {
            new FileInfo(path).Length.ShouldBeLessThanOrEqualTo(1000);
        }

        string[] all = [.. Texts(LogPath + ".2"), .. Texts(LogPath + ".1"), .. Texts(LogPath)];
        all[^1].ShouldBe("line 99\n");
        all.ShouldBe(Enumerable.Range(100 - all.Length, all.Length).Select(line => $"line {line}\n"));
        all.Length.ShouldBeGreaterThan(24);
    }

    [Fact]
    public void One_file_is_begun_anew()
    {
        Write(writer => AppendInChunks(writer, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(line => $"{line}\n"))), 64), new LogLimits(1000, 1));
        File.Exists(LogPath + ".1").ShouldBeFalse();
        Texts(LogPath)[^1].ShouldBe("999\n");
    }

    [Fact]
    public void An_earlier_log_is_continued()
    {
        Write(writer => writer.Append(LogStream.Stdout, "one\n"u8));
        Write(writer => writer.Append(LogStream.Stdout, "two\n"u8));
        Texts(LogPath).ShouldBe(["one\n", "two\n"]);
    }

    [Fact]
    public void A_full_disk_loses_lines_and_never_tears_one()
    {
        using var disk = new SmallDisk(_state.Base + "/disk");
        using var writer = new LineSplitter([new JsonLogSink(disk.Path + "/log", LogLimits.Default)]);
        for (var batch = 0; batch < 200; batch++)
        {
            AppendInChunks(writer, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20).Select(line => $"{batch} {line}\n"))), 4096);
            writer.Flush();
        }

        var before = Texts(disk.Path + "/log");
        before.Length.ShouldBeInRange(20, 3999);
        before.ShouldBe(Enumerable.Range(0, before.Length).Select(line => $"{line / 20} {line % 20}\n"));
    }

    [Fact]
    public void Times_have_nine_digits_without_trailing_zeros()
    {
        var clock = new LogClock();
        Format(clock, 1_700_000_000, 0).ShouldBe("2023-11-14T22:13:20Z");
        Format(clock, 1_700_000_000, 120_000_000).ShouldBe("2023-11-14T22:13:20.12Z");
        Format(clock, 1_700_000_001, 1).ShouldBe("2023-11-14T22:13:21.000000001Z");
    }

    [Theory]
    [InlineData("10m", "3", 10_000_000, 3)]
    [InlineData("1k", "1", 1000, 1)]
    [InlineData("512", "2", 512, 2)]
    [InlineData("5000000", "2", 5000000, 2)]
    [InlineData("2MB", "2", 2_000_000, 2)]
    [InlineData("-1", "5", long.MaxValue, 5)]
    public void Limits_are_read_as_docker_writes_them(string size, string files, long bytes, int count) =>
        LogDriverOptions.Limits(Config(("max-size", size), ("max-file", files))).ShouldBe(new LogLimits(bytes, count));

    [Theory]
    [InlineData("max-size", "lots")]
    [InlineData("max-size", "")]
    [InlineData("max-file", "0")]
    [InlineData("colour", "red")]
    public void Limits_that_make_no_sense_are_refused(string key, string value) =>
        Should.Throw<SampanException>(() => LogDriverOptions.Check(Config((key, value)))).Kind.ShouldBe(ErrorKind.InvalidArgument);

    public void Dispose() => _state.Dispose();

    private static LogConfig Config(params (string Key, string Value)[] options) =>
        new() { Config = options.ToDictionary(option => option.Key, option => option.Value) };

    private static string Format(LogClock clock, long seconds, long nanoseconds) =>
        Encoding.ASCII.GetString(clock.Format(new TimeSpec(seconds, nanoseconds)));

    private static void AppendInChunks(ILogWriter writer, byte[] bytes, int chunk)
    {
        for (var offset = 0; offset < bytes.Length; offset += chunk)
        {
            writer.Append(LogStream.Stdout, bytes.AsSpan(offset, Math.Min(chunk, bytes.Length - offset)));
        }
    }

    private static string[] Texts(string path) =>
        [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!)];

    private void Write(Action<ILogWriter> action, LogLimits? limits = null)
    {
        using var writer = new LineSplitter([new JsonLogSink(LogPath, limits ?? LogLimits.Default)]);
        action(writer);
        writer.Finish();
    }
}

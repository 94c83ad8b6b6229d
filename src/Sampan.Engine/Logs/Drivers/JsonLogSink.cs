using System.Text;
using Sampan.Linux;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Logs;

/// <summary>Docker's json-file log: a JSON object a line, {"log":"…\n","stream":"stdout","attrs":{…},"time":"…"}.</summary>
internal sealed class JsonLogSink : ILogSink
{
    private const int TimeLength = 48;
    private readonly LogFileWriter _file;
    private readonly LogClock _clock = new();
    private readonly byte[] _attributes;
    private readonly byte[] _suffix;
    private int _suffixLength;
    private LogStream _suffixStream;
    private TimeSpec _suffixTime;

    /// <summary>Opens the log, appending to what an earlier run wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">When a new one is begun.</param>
    /// <param name="attributes">Put into every line.</param>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public JsonLogSink(string path, LogLimits limits, IReadOnlyDictionary<string, string>? attributes = null)
    {
        _file = new LogFileWriter(path, limits);
        _attributes = attributes is { Count: > 0 } ? Attributes(attributes) : [];
        _suffix = new byte[_attributes.Length + TimeLength + 64];
    }

    public void Write(in LogMessage message)
    {
        if (message.Stream != _suffixStream || message.Time != _suffixTime)
        {
            PrepareSuffix(message.Stream, message.Time);
        }

        var buffer = _file.Reserve((message.Text.Length * JsonText.MaximumExpansion) + _suffixLength + 16);
        "{\"log\":\""u8.CopyTo(buffer);
        var position = 8;
        position += JsonText.Escape(message.Text, buffer[position..]);
        if (message.EndsLine)
        {
            buffer[position++] = (byte)'\\';
            buffer[position++] = (byte)'n';
        }

        _suffix.AsSpan(0, _suffixLength).CopyTo(buffer[position..]);
        _file.Commit(position + _suffixLength);
    }

    public void Flush() => _file.Flush();

    public void Finish() => _file.Flush();

    public void Trim() => _file.Trim();

    public void Dispose() => _file.Dispose();

    private static byte[] Attributes(IReadOnlyDictionary<string, string> attributes)
    {
        List<byte> json = [.. "\"attrs\":{"u8];
        foreach (var (name, value) in attributes)
        {
            json.Add((byte)'"');
            AddEscaped(json, name);
            json.AddRange("\":\""u8);
            AddEscaped(json, value);
            json.AddRange("\","u8);
        }

        json[^1] = (byte)'}';
        json.Add((byte)',');
        return [.. json];
    }

    private static void AddEscaped(List<byte> json, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var escaped = new byte[bytes.Length * JsonText.MaximumExpansion];
        json.AddRange(escaped.AsSpan(0, JsonText.Escape(bytes, escaped)));
    }

    private void PrepareSuffix(LogStream stream, TimeSpec now)
    {
        (_suffixStream, _suffixTime) = (stream, now);
        var target = _suffix.AsSpan();
        var head = stream == LogStream.Stdout ? "\",\"stream\":\"stdout\","u8 : "\",\"stream\":\"stderr\","u8;
        head.CopyTo(target);
        target = target[head.Length..];
        _attributes.CopyTo(target);
        target = target[_attributes.Length..];
        "\"time\":\""u8.CopyTo(target);
        target = target[8..];
        var time = _clock.Format(now);
        time.CopyTo(target);
        target = target[time.Length..];
        "\"}\n"u8.CopyTo(target);
        _suffixLength = _suffix.Length - target.Length + 3;
    }
}

using System.Text;
using Sampan.Engine.Logs;

namespace Sampan.Engine.Tests.Logs;

internal sealed class CollectingConsumer : ILogConsumer
{
    public List<string> Lines { get; } = [];

    public List<string> Times { get; } = [];

    public int Flushes { get; private set; }

    public string Text => string.Concat(Lines);

    public Action<int>? OnFlush { get; init; }

    public void Write(in LogEntry entry)
    {
        Lines.Add((entry.Stream == LogStream.Stderr ? "E:" : "") + Encoding.UTF8.GetString(entry.Text));
        Times.Add(Encoding.ASCII.GetString(entry.Time));
    }

    public void Flush() => OnFlush?.Invoke(++Flushes);
}

using Sampan.Engine.Logs;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Containers;

/// <summary>Prints a log: each line where it came from.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="timestamps">Each line begins with its time.</param>
internal sealed class LogPrinter(TextOutput output, TextOutput error, bool timestamps) : ILogConsumer
{
    private LogStream _last;
    private bool _insideLine;

    /// <inheritdoc/>
    public void Write(in LogEntry entry)
    {
        if (entry.Stream != _last)
        {
            // Both may be the same terminal: what came first must be seen first.
            Flush();
            _last = entry.Stream;
            _insideLine = false;
        }

        var target = entry.Stream == LogStream.Stderr ? error : output;
        if (timestamps && !_insideLine)
        {
            WriteTime(target, entry.Time);
        }

        if (entry.Details is not null && !_insideLine)
        {
            // Docker writes the blank where there are none, too.
            target.Write(entry.Details).Write(" ");
        }

        target.WriteBytes(entry.Text);
        _insideLine = !entry.Text.EndsWith("\n"u8);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        output.Flush();
        error.Flush();
    }

    /// <summary>Nine digits of a second always, as docker prints them: the file leaves out zeros at the end, columns do not.</summary>
    private static void WriteTime(TextOutput target, ReadOnlySpan<byte> time)
    {
        const int SecondsLength = 19;
        const int Digits = 9;
        var fraction = time.Length > SecondsLength + 1 && time[SecondsLength] == (byte)'.' ? time[(SecondsLength + 1)..].TrimEnd((byte)'Z') : [];
        target.WriteBytes(time[..Math.Min(SecondsLength, time.Length)]);
        target.WriteBytes("."u8);
        target.WriteBytes(fraction);
        target.WriteBytes("000000000"u8[..Math.Max(0, Digits - fraction.Length)]);
        target.WriteBytes("Z "u8);
    }
}

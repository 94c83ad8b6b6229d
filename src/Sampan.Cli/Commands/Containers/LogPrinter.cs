using Sampan.Cli.Output;
using Sampan.Engine.Logs;

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
            target.WriteBytes(entry.Time);
            target.WriteBytes(" "u8);
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
}

using Sampan.Engine.Logs.Delivery;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Logs;

/// <summary>Makes lines of output and hands each to the log driver, and to the copy `logs` reads where the driver keeps none. Lines that arrive in one read have one time.</summary>
/// <param name="sinks">Who gets the lines.</param>
/// <param name="delivery">What the driver sends through, where it has a receiver.</param>
internal sealed class LineSplitter(IReadOnlyList<ILogSink> sinks, LogDelivery? delivery = null) : ILogWriter
{
    private readonly LineAssembler _stdout = new();
    private readonly LineAssembler _stderr = new();

    public bool IsCongested => delivery?.IsCongested == true;

    public Action? Relieved
    {
        get => delivery?.Relieved;
        set
        {
            if (delivery is not null)
            {
                delivery.Relieved = value;
            }
        }
    }

    public void Append(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        var time = LogClock.Now();
        var line = stream == LogStream.Stdout ? _stdout : _stderr;
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            if (line.IsEmpty && newline >= 0)
            {
                // The usual case: a whole line, taken where it lies.
                var piece = LineAssembler.PieceLength(bytes[..newline]);
                Write(stream, time, line, bytes[..piece], endsLine: piece == newline);
                bytes = bytes[(piece == newline ? piece + 1 : piece)..];
                continue;
            }

            bytes = bytes[Assemble(stream, time, line, bytes, newline)..];
        }
    }

    public void Flush()
    {
        for (var index = 0; index < sinks.Count; index++)
        {
            sinks[index].Flush();
        }
    }

    public void Finish()
    {
        FinishLine(LogStream.Stdout, _stdout);
        FinishLine(LogStream.Stderr, _stderr);
        for (var index = 0; index < sinks.Count; index++)
        {
            sinks[index].Finish();
        }
    }

    public void Trim()
    {
        for (var index = 0; index < sinks.Count; index++)
        {
            sinks[index].Trim();
        }

        _stdout.Trim();
        _stderr.Trim();
    }

    public void Dispose()
    {
        for (var index = 0; index < sinks.Count; index++)
        {
            sinks[index].Dispose();
        }
    }

    private int Assemble(LogStream stream, TimeSpec time, LineAssembler line, ReadOnlySpan<byte> bytes, int newline)
    {
        var part = newline < 0 ? bytes : bytes[..newline];
        var taken = line.Add(part);
        if (taken == part.Length && newline >= 0 && line.Content.Length <= LineAssembler.MaximumPiece)
        {
            Write(stream, time, line, line.Content, endsLine: true);
            line.Drop(line.Content.Length);
            return taken + 1;
        }

        if (line.Content.Length > LineAssembler.MaximumPiece)
        {
            var piece = LineAssembler.PieceLength(line.Content);
            Write(stream, time, line, line.Content[..piece], endsLine: false);
            line.Drop(piece);
        }

        return taken;
    }

    private void FinishLine(LogStream stream, LineAssembler line)
    {
        if (!line.IsEmpty)
        {
            Write(stream, LogClock.Now(), line, line.Content, endsLine: false);
            line.Drop(line.Content.Length);
        }

        line.Pieces = 0;
    }

    private void Write(LogStream stream, TimeSpec time, LineAssembler line, ReadOnlySpan<byte> text, bool endsLine)
    {
        var piece = endsLine && line.Pieces == 0 ? 0 : line.Pieces + 1;
        line.Pieces = endsLine ? 0 : piece;
        for (var index = 0; index < sinks.Count; index++)
        {
            sinks[index].Write(new LogMessage(stream, time, text, endsLine, piece));
        }
    }
}

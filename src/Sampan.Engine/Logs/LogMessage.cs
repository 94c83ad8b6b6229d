using Sampan.Linux.Interop;

namespace Sampan.Engine.Logs;

/// <summary>One line of output, or a piece of a line longer than 16 KiB, on its way to a log.</summary>
/// <param name="stream">Where it came from.</param>
/// <param name="time">When, since 1970.</param>
/// <param name="text">The bytes without their newline.</param>
/// <param name="endsLine">A newline followed.</param>
/// <param name="piece">0 for a whole line; pieces of a longer one count from 1.</param>
internal readonly ref struct LogMessage(LogStream stream, TimeSpec time, ReadOnlySpan<byte> text, bool endsLine, int piece)
{
    public LogStream Stream { get; } = stream;

    public TimeSpec Time { get; } = time;

    public ReadOnlySpan<byte> Text { get; } = text;

    public bool EndsLine { get; } = endsLine;

    public int Piece { get; } = piece;
}

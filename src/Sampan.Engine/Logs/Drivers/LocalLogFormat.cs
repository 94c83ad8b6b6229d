using System.Buffers.Binary;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Logs;

/// <summary>Reads a local log (<see cref="LocalRecord"/>).</summary>
internal sealed class LocalLogFormat : ILogFormat
{
    private readonly LogClock _clock = new();
    private byte[] _text = [];
    private byte[] _time = [];
    private int _textLength;

    public LogStream Stream { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    public ReadOnlySpan<byte> Time => _time;

    public DateTimeOffset Moment { get; private set; }

    // Docker's local driver has none either.
    public string Details => "";

    public int RecordLength(ReadOnlySpan<byte> bytes, int searched)
    {
        if (bytes.Length < LocalRecord.Frame)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length is <= 0 or > LocalRecord.MaximumLength)
        {
            return -1;
        }

        return bytes.Length >= length + (2 * LocalRecord.Frame) ? length + (2 * LocalRecord.Frame) : 0;
    }

    public bool TryParse(ReadOnlySpan<byte> record)
    {
        var message = record[LocalRecord.Frame..^LocalRecord.Frame];
        Stream = LogStream.Stdout;
        SetText([]);
        var (partial, last, time) = (false, false, 0L);
        while (LocalRecord.TryTakeField(ref message, out var field, out var number, out var bytes))
        {
            switch (field)
            {
                case 1:
                    Stream = bytes.SequenceEqual("stderr"u8) ? LogStream.Stderr : LogStream.Stdout;
                    break;
                case 2:
                    time = (long)number;
                    break;
                case 3:
                    SetText(bytes);
                    break;
                case 4:
                    partial = number != 0;
                    break;
                case 5:
                    last = IsLast(bytes);
                    break;
                default:
                    break;
            }
        }

        if (!message.IsEmpty || time < 0)
        {
            return false;
        }

        if (!partial || last)
        {
            _text[_textLength++] = (byte)'\n';
        }

        var moment = new TimeSpec(time / 1_000_000_000, time % 1_000_000_000);
        _time = _clock.Format(moment).ToArray();
        Moment = DateTimeOffset.UnixEpoch.AddTicks(time / 100);
        return true;
    }

    public long EndOfRecords(LogFile file)
    {
        var size = file.Size;
        if (size == 0 || (TryRecordBefore(file, size) is not null))
        {
            return size;
        }

        // The last one is torn, or being written: only from the beginning is it known where it begins.
        Span<byte> length = stackalloc byte[LocalRecord.Frame];
        var end = 0L;
        while (file.ReadAt(length, end) == length.Length
            && BinaryPrimitives.ReadInt32BigEndian(length) is var record and > 0 and <= LocalRecord.MaximumLength
            && end + record + (2 * LocalRecord.Frame) <= size)
        {
            end += record + (2 * LocalRecord.Frame);
        }

        return end;
    }

    public long Before(LogFile file, long end, long wanted, out long found)
    {
        for (found = 0; found < wanted && TryRecordBefore(file, end) is { } start; found++)
        {
            end = start;
        }

        return end;
    }

    /// <returns>Where the record that ends there begins; null when there is none.</returns>
    private static long? TryRecordBefore(LogFile file, long end)
    {
        Span<byte> length = stackalloc byte[LocalRecord.Frame];
        if (end < 2 * LocalRecord.Frame || file.ReadAt(length, end - LocalRecord.Frame) != length.Length)
        {
            return null;
        }

        var record = BinaryPrimitives.ReadInt32BigEndian(length);
        var start = end - record - (2 * LocalRecord.Frame);
        return record is > 0 and <= LocalRecord.MaximumLength && start >= 0
            && file.ReadAt(length, start) == length.Length && BinaryPrimitives.ReadInt32BigEndian(length) == record
            ? start
            : null;
    }

    private static bool IsLast(ReadOnlySpan<byte> metadata)
    {
        while (LocalRecord.TryTakeField(ref metadata, out var field, out var number, out _))
        {
            if (field == 1)
            {
                return number != 0;
            }
        }

        return false;
    }

    private void SetText(ReadOnlySpan<byte> bytes)
    {
        if (_text.Length <= bytes.Length)
        {
            _text = new byte[bytes.Length + 1];
        }

        bytes.CopyTo(_text);
        _textLength = bytes.Length;
    }
}

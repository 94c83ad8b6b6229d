using Sampan.Linux.Interop;

namespace Sampan.Engine.Logs;

/// <summary>The time of day as docker's log has it: RFC 3339 in UTC, nine digits of the second without trailing zeros.</summary>
internal sealed unsafe class LogClock
{
    private const int DateLength = 19;
    private readonly byte[] _text = new byte[DateLength + 11];
    private long _second = -1;

    /// <summary>Reads the clock.</summary>
    public static TimeSpec Now()
    {
        TimeSpec now;
        _ = Libc.ClockGetTime(0, &now);
        return now;
    }

    /// <returns>The text; valid until the next call.</returns>
    public ReadOnlySpan<byte> Format(TimeSpec time)
    {
        if (time.Seconds != _second)
        {
            _second = time.Seconds;
            _ = DateTime.UnixEpoch.AddSeconds(time.Seconds).TryFormat(_text, out _, "s", null);
        }

        var length = DateLength;
        if (time.Nanoseconds != 0)
        {
            _text[length] = (byte)'.';
            var rest = time.Nanoseconds;
            for (var digit = 9; digit > 0; digit--)
            {
                _text[length + digit] = (byte)('0' + (rest % 10));
                rest /= 10;
            }

            length += 10;
            while (_text[length - 1] == (byte)'0')
            {
                length--;
            }
        }

        _text[length] = (byte)'Z';
        return _text.AsSpan(0, length + 1);
    }
}

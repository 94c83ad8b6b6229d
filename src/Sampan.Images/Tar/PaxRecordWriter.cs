using System.Buffers;
using System.Globalization;
using System.Text;
using Sampan.Linux.Interop;

namespace Sampan.Images.Tar;

/// <summary>Builds the records of a pax extended header.</summary>
internal sealed class PaxRecordWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Add(string key, long value) => Add(key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public void AddTime(string key, TimeSpec time)
    {
        // The fraction counts away from zero: five seconds before 1970 plus a quarter is -4.75.
        var whole = time.Seconds < 0 && time.Nanoseconds > 0 ? time.Seconds + 1 : time.Seconds;
        var fraction = time.Seconds < 0 && time.Nanoseconds > 0 ? 1_000_000_000 - time.Nanoseconds : time.Nanoseconds;
        var sign = time.Seconds < 0 && whole == 0 ? "-" : "";
        Add(key, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}.{fraction:D9}")));
    }

    public void Add(string key, ReadOnlySpan<byte> value)
    {
        // The length counts itself: try until the number of digits fits.
        var rest = Encoding.UTF8.GetByteCount(key) + value.Length + 3;
        var length = rest + 1;
        while (rest + Digits(length) != length)
        {
            length = rest + Digits(length);
        }

        _buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {key}=")));
        _buffer.Write(value);
        _buffer.Write("\n"u8);
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;
}

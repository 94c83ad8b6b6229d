using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Tar;

/// <summary>The records of one pax extended header (POSIX pax, "pax Extended Header"). Values are bytes: an xattr's may be anything.</summary>
/// <param name="global">Records that hold where these say nothing; null for none.</param>
internal sealed class PaxRecords(PaxRecords? global = null)
{
    private const string XattrPrefix = "SCHILY.xattr.";
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <summary>Extents of GNU sparse format 0.0, which repeats its keys.</summary>
    public List<SparseExtent> RepeatedExtents { get; } = [];

    /// <summary>Reads "LENGTH KEY=VALUE\n" records; later ones win.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: malformed.</exception>
    public void Add(ReadOnlySpan<byte> data)
    {
        long? pendingOffset = null;
        while (!data.IsEmpty)
        {
            var blank = data.IndexOf((byte)' ');
            if (blank is < 1 or > 10 || !Utf8Parser.TryParse(data[..blank], out int length, out var used) || used != blank ||
                length <= blank + 2 || length > data.Length || data[length - 1] != '\n')
            {
                throw Malformed();
            }

            var record = data[(blank + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                throw Malformed();
            }

            var key = Encoding.UTF8.GetString(record[..equals]);
            var value = record[(equals + 1)..];
            if (key == "GNU.sparse.offset")
            {
                pendingOffset = Number(value, key);
            }
            else if (key == "GNU.sparse.numbytes")
            {
                RepeatedExtents.Add(new(pendingOffset ?? throw Malformed(), Number(value, key)));
                pendingOffset = null;
            }
            else
            {
                _values[key] = value.ToArray();
            }

            data = data[length..];
        }
    }

    /// <summary>The value of a key; an empty value takes an earlier one back.</summary>
    public byte[]? Value(string key) => _values.TryGetValue(key, out var value) ? (value.Length > 0 ? value : null) : global?.Value(key);

    public long? Number(string key) => Value(key) is { } value ? Number(value, key) : null;

    /// <summary>Seconds with a decimal fraction, rounded down to nanoseconds; may be negative.</summary>
    public TimeSpec? Time(string key)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        ReadOnlySpan<byte> text = value;
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var seconds = Number(whole, key);
        long nanoseconds = 0;
        if (point >= 0)
        {
            var fraction = text[(point + 1)..];
            for (var index = 0; index < 9; index++)
            {
                var digit = index < fraction.Length ? fraction[index] - '0' : 0;
                nanoseconds = (nanoseconds * 10) + (digit is >= 0 and <= 9 ? digit : throw Malformed());
            }
        }

        return whole.StartsWith("-"u8) && nanoseconds > 0 ? new(seconds - 1, 1_000_000_000 - nanoseconds) : new(seconds, nanoseconds);
    }

    /// <summary>Extended attributes, in no particular order.</summary>
    public IReadOnlyList<KeyValuePair<FileName, byte[]>> Attributes()
    {
        List<KeyValuePair<FileName, byte[]>>? result = null;
        AddAttributes(_values, ref result);
        if (global is not null)
        {
            global.AddAttributes(_values, ref result);
        }

        return result ?? [];
    }

    /// <summary>The text of a short value, for keys whose values are words.</summary>
    public string? Text(string key) => Value(key) is { } value ? Encoding.UTF8.GetString(value) : null;

    /// <param name="known">Keys whose values are told elsewhere, but for one's own.</param>
    /// <param name="result">Where to.</param>
    private void AddAttributes(Dictionary<string, byte[]> known, ref List<KeyValuePair<FileName, byte[]>>? result)
    {
        foreach (var (key, value) in _values)
        {
            if (key.StartsWith(XattrPrefix, StringComparison.Ordinal) && key.Length > XattrPrefix.Length && (known == _values || !known.ContainsKey(key)))
            {
                (result ??= []).Add(new(key[XattrPrefix.Length..], value));
            }
        }
    }

    internal static SampanException Malformed() => SampanException.InvalidArgument("invalid tar: malformed pax record");

    private static long Number(ReadOnlySpan<byte> value, string key) =>
        Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length
            ? number
            : throw SampanException.InvalidArgument(string.Create(CultureInfo.InvariantCulture, $"invalid tar: bad number in pax record {key}"));
}

using System.Text.Json;

namespace Sampan.Engine.Logs;

/// <summary>Reads a json-file log: an object a line; whatever else docker or another engine put into it is passed over.</summary>
internal sealed class JsonLogFormat : ILogFormat
{
    private const int ChunkLength = 64 << 10;
    private readonly SortedDictionary<string, string> _attributes = new(StringComparer.Ordinal);
    private byte[] _text = [];
    private byte[] _time = [];
    private int _textLength;
    private int _timeLength;

    public LogStream Stream { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    public ReadOnlySpan<byte> Time => _time.AsSpan(0, _timeLength);

    public DateTimeOffset Moment { get; private set; }

    public string Details => LogAttributes.Escape(_attributes);

    public int RecordLength(ReadOnlySpan<byte> bytes, int searched) =>
        bytes[searched..].IndexOf((byte)'\n') is var newline and >= 0 ? searched + newline + 1 : 0;

    public bool TryParse(ReadOnlySpan<byte> record)
    {
        try
        {
            return Parse(record);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    public long EndOfRecords(LogFile file)
    {
        var buffer = new byte[ChunkLength];
        for (var position = file.Size; position > 0;)
        {
            var length = (int)Math.Min(position, buffer.Length);
            var count = file.ReadAt(buffer.AsSpan(0, length), position - length);
            var newline = buffer.AsSpan(0, count).LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                return position - length + newline + 1;
            }

            position -= length;
        }

        return 0;
    }

    public long Before(LogFile file, long end, long wanted, out long found)
    {
        found = 0;
        if (wanted == 0 || end == 0)
        {
            return end;
        }

        // The newline that ends the last record is not the one before it.
        var buffer = new byte[ChunkLength];
        for (var position = end - 1; position > 0;)
        {
            var length = (int)Math.Min(position, buffer.Length);
            var count = file.ReadAt(buffer.AsSpan(0, length), position - length);
            for (var at = buffer.AsSpan(0, count).LastIndexOf((byte)'\n'); at >= 0; at = buffer.AsSpan(0, at).LastIndexOf((byte)'\n'))
            {
                if (++found == wanted)
                {
                    return position - length + at + 1;
                }
            }

            position -= length;
        }

        // The first record of a file has no newline before it.
        found++;
        return 0;
    }

    private static int Copy(ref Utf8JsonReader reader, ref byte[] target)
    {
        if (target.Length < reader.ValueSpan.Length)
        {
            target = new byte[reader.ValueSpan.Length];
        }

        return reader.CopyString(target);
    }

    private bool Parse(ReadOnlySpan<byte> json)
    {
        _textLength = _timeLength = 0;
        _attributes.Clear();
        Stream = LogStream.Stdout;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("log"u8))
            {
                reader.Read();
                _textLength = Copy(ref reader, ref _text);
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                Stream = reader.ValueTextEquals("stderr"u8) ? LogStream.Stderr : LogStream.Stdout;
            }
            else if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                _timeLength = Copy(ref reader, ref _time);
                Moment = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("attrs"u8))
            {
                reader.Read();
                ParseAttributes(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private void ParseAttributes(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            _attributes[name] = reader.GetString() ?? "";
        }
    }
}

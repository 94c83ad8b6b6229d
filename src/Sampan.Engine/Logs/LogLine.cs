using System.Text.Json;

namespace Sampan.Engine.Logs;

/// <summary>Reads a line of a json-file log; whatever else docker or another engine put into it is passed over.</summary>
internal sealed class LogLine
{
    private byte[] _text = [];
    private byte[] _time = [];
    private int _textLength;
    private int _timeLength;

    public LogStream Stream { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    public ReadOnlySpan<byte> Time => _time.AsSpan(0, _timeLength);

    public DateTimeOffset Moment { get; private set; }

    /// <returns>False for a line that is none: what a full disk or a crash left.</returns>
    public bool TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return Parse(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
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
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs.Delivery;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Logs;

/// <summary>Docker's journald driver, in journald's own protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), with docker's field names.</summary>
internal sealed class JournalSink : ILogSink
{
    /// <summary>Where journald listens.</summary>
    public const string Socket = "/run/systemd/journal/socket";

    private readonly byte[] _fields;
    private readonly string[] _partialIds = ["", "", ""];

    /// <summary>Connects.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="container">Whose log.</param>
    /// <param name="tag">The container's tag.</param>
    /// <param name="attributes">Sent with each line.</param>
    /// <param name="socket">Where journald listens.</param>
    /// <exception cref="SampanException">Unavailable: it does not.</exception>
    public JournalSink(EventLoop loop, Container container, string tag, IReadOnlyDictionary<string, string> attributes, string socket = Socket)
    {
        _fields = Fields(container, tag, attributes);
        var connection = new LogSocket(PeerAddress.Unix(socket), isStream: false);
        if (connection.Connect() is { } outcome)
        {
            throw SampanException.Unavailable(
                $"failed to initialize logging driver: journald is not enabled on this host: connect to {socket}: {ErrnoText.Describe(outcome)}");
        }

        Delivery = new LogDelivery(loop, connection, LogBuffering.From(container.HostConfig.LogConfig.Config), DropNotice);
    }

    /// <summary>What it sends through.</summary>
    public LogDelivery Delivery { get; }

    public void Write(in LogMessage message) => Delivery.Send(Make(message));

    public void Flush()
    {
        // Each line is sent as it comes.
    }

    public void Finish() => Delivery.Finish();

    public void Trim()
    {
        // Nothing is held but what waits.
    }

    public void Dispose() => Delivery.Dispose();

    private static byte[] Fields(Container container, string tag, IReadOnlyDictionary<string, string> attributes)
    {
        List<byte> fields = [];
        Add(fields, "CONTAINER_ID", container.Id[..12]);
        Add(fields, "CONTAINER_ID_FULL", container.Id);
        Add(fields, "CONTAINER_NAME", container.Name);
        Add(fields, "CONTAINER_TAG", tag);
        Add(fields, "IMAGE_NAME", container.Config.Image);
        Add(fields, "SYSLOG_IDENTIFIER", tag);
        foreach (var (name, value) in attributes)
        {
            if (FieldName(name) is { Length: > 0 } field)
            {
                Add(fields, field, value);
            }
        }

        return [.. fields];
    }

    /// <summary>As docker makes one of a label: letters become large, what may not be in a field's name an underscore, those at the beginning go.</summary>
    private static string FieldName(string label)
    {
        var name = new StringBuilder(label.Length);
        foreach (var letter in label.ToUpperInvariant())
        {
            name.Append(letter is (>= 'A' and <= 'Z') or (>= '0' and <= '9') ? letter : '_');
        }

        return name.ToString().TrimStart('_');
    }

    private static void Add(List<byte> fields, string name, string value) => Add(fields, name, Encoding.UTF8.GetBytes(value));

    private static void Add(List<byte> fields, string name, ReadOnlySpan<byte> value)
    {
        fields.AddRange(Encoding.ASCII.GetBytes(name));
        if (value.Contains((byte)'\n'))
        {
            // A value with a newline goes with its length, little-endian.
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, value.Length);
            fields.Add((byte)'\n');
            fields.AddRange(length);
        }
        else
        {
            fields.Add((byte)'=');
        }

        fields.AddRange(value);
        fields.Add((byte)'\n');
    }

    private byte[] Make(in LogMessage message)
    {
        List<byte> entry = new(_fields.Length + message.Text.Length + 128);
        Add(entry, "MESSAGE", message.Text);
        Add(entry, "PRIORITY", message.Stream == LogStream.Stderr ? "3" : "6");
        var time = DateTimeOffset.UnixEpoch.AddTicks((message.Time.Seconds * TimeSpan.TicksPerSecond) + (message.Time.Nanoseconds / 100));
        Add(entry, "SYSLOG_TIMESTAMP", time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        if (message.Piece > 0)
        {
            AddPiece(entry, message);
        }

        entry.AddRange(_fields);
        return [.. entry];
    }

    private void AddPiece(List<byte> entry, in LogMessage message)
    {
        ref var id = ref _partialIds[(int)message.Stream];
        id = message.Piece == 1 ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) : id;
        if (!message.EndsLine)
        {
            Add(entry, "CONTAINER_PARTIAL_MESSAGE", "true");
        }

        Add(entry, "CONTAINER_PARTIAL_ID", id);
        Add(entry, "CONTAINER_PARTIAL_ORDINAL", message.Piece.ToString(CultureInfo.InvariantCulture));
        Add(entry, "CONTAINER_PARTIAL_LAST", message.EndsLine ? "true" : "false");
    }

    private byte[] DropNotice(long count) => Make(new LogMessage(LogStream.Stderr, LogClock.Now(), LogNotices.Dropped(count), endsLine: true, piece: 0));
}

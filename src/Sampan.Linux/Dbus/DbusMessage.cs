namespace Sampan.Linux.Dbus;

/// <summary>One message (D-Bus Specification, "Message Protocol").</summary>
public sealed record DbusMessage
{
    private const byte LittleEndian = (byte)'l';
    private const byte Version = 1;

    /// <summary>What it is.</summary>
    public required DbusMessageType Type { get; init; }

    /// <summary>Its number on its connection.</summary>
    public uint Serial { get; init; }

    /// <summary>The call a reply or error answers.</summary>
    public uint ReplySerial { get; init; }

    /// <summary>The object.</summary>
    public string Path { get; init; } = "";

    /// <summary>The interface.</summary>
    public string Interface { get; init; } = "";

    /// <summary>Method or signal.</summary>
    public string Member { get; init; } = "";

    /// <summary>Name of an error, such as "org.freedesktop.systemd1.UnitExists".</summary>
    public string ErrorName { get; init; } = "";

    /// <summary>Whom it is for; empty between two peers without a bus.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Types of the body's values.</summary>
    public string Signature { get; init; } = "";

    /// <summary>The values.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Its first string, if it begins with one: the text of an error.</summary>
    public string Text => Signature.StartsWith('s') ? new DbusReader(Body).ReadString() : "";

    /// <summary>The wire form.</summary>
    /// <returns>Header and body.</returns>
    public byte[] ToBytes()
    {
        var writer = new DbusWriter();
        writer.WriteByte(LittleEndian);
        writer.WriteByte((byte)Type);
        writer.WriteByte(0);
        writer.WriteByte(Version);
        writer.WriteUInt32((uint)Body.Length);
        writer.WriteUInt32(Serial);
        var fields = writer.BeginArray(8);
        Field(writer, 1, "o", Path);
        Field(writer, 2, "s", Interface);
        Field(writer, 3, "s", Member);
        Field(writer, 4, "s", ErrorName);
        if (ReplySerial != 0)
        {
            writer.Align(8);
            writer.WriteByte(5);
            writer.WriteSignature("u");
            writer.WriteUInt32(ReplySerial);
        }

        Field(writer, 6, "s", Destination);
        if (Signature.Length > 0)
        {
            writer.Align(8);
            writer.WriteByte(8);
            writer.WriteSignature("g");
            writer.WriteSignature(Signature);
        }

        writer.EndArray(fields);
        writer.Align(8);
        writer.Append(Body);
        return writer.ToArray();
    }

    /// <summary>Reads a message that has arrived whole.</summary>
    /// <param name="bytes">Header and body.</param>
    /// <returns>The message.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: it is not one.</exception>
    public static DbusMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new DbusReader(bytes);
        reader.ReadByte();
        var message = new DbusMessage { Type = (DbusMessageType)reader.ReadByte() };
        reader.ReadByte();
        reader.ReadByte();
        var bodyLength = reader.ReadUInt32();
        message = message with { Serial = reader.ReadUInt32() };
        var end = (long)reader.ReadUInt32() + 16;
        reader.Align(8);
        while (reader.Position < end)
        {
            var code = reader.ReadByte();
            message = (code, reader.ReadSignature()) switch
            {
                (1, "o") => message with { Path = reader.ReadString() },
                (2, "s") => message with { Interface = reader.ReadString() },
                (3, "s") => message with { Member = reader.ReadString() },
                (4, "s") => message with { ErrorName = reader.ReadString() },
                (5, "u") => message with { ReplySerial = reader.ReadUInt32() },
                (6, "s") => message with { Destination = reader.ReadString() },
                (8, "g") => message with { Signature = reader.ReadSignature() },
                (_, "s" or "o") => Skip(message, reader.ReadString()),
                (_, "u") => Skip(message, reader.ReadUInt32()),
                var (field, signature) => throw new SampanException(ErrorKind.Internal, $"a D-Bus message has a field {field} of type {signature}"),
            };
            reader.Align(8);
        }

        return message with { Body = bytes[^(int)Math.Min(bodyLength, (uint)(bytes.Length - reader.Position))..].ToArray() };
    }

    /// <summary>How long a message is.</summary>
    /// <param name="head">Its first 16 bytes.</param>
    /// <returns>Bytes of header and body together.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: not little-endian, not version 1, or longer than 16 MiB.</exception>
    internal static int LengthOf(ReadOnlySpan<byte> head)
    {
        var reader = new DbusReader(head);
        var order = reader.ReadByte();
        reader.ReadByte();
        reader.ReadByte();
        var version = reader.ReadByte();
        long body = reader.ReadUInt32();
        reader.ReadUInt32();
        long fields = reader.ReadUInt32();
        var length = 16 + ((fields + 7) & -8) + body;
        return order == LittleEndian && version == Version && length <= 16 << 20
            ? (int)length
            : throw new SampanException(ErrorKind.Internal, $"a D-Bus peer sent what is no message (byte order {order}, version {version}, {length} bytes)");
    }

    private static DbusMessage Skip<T>(DbusMessage message, T value)
    {
        _ = value;
        return message;
    }

    private static void Field(DbusWriter writer, byte code, string signature, string value)
    {
        if (value.Length > 0)
        {
            writer.Align(8);
            writer.WriteByte(code);
            writer.WriteSignature(signature);
            writer.WriteString(value);
        }
    }
}

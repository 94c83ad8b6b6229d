using Sampan.Linux.Dbus;

namespace Sampan.Linux.Systemd;

/// <summary>A property of a unit as systemd's D-Bus interface takes it (org.freedesktop.systemd1(5)).</summary>
/// <param name="Name">Such as "MemoryMax".</param>
/// <param name="Signature">Its D-Bus type: b, y, n, q, i, u, x, t, d, s, o, g, as, au, ay, at or a(ss).</param>
/// <param name="Value">A <see cref="bool"/>, <see cref="byte"/>, a number of the signature's width, <see cref="string"/>, or an array of what the signature says.</param>
public readonly record struct UnitProperty(string Name, string Signature, object Value)
{
    /// <summary>A truth value.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The property.</returns>
    public static UnitProperty Of(string name, bool value) => new(name, "b", value);

    /// <summary>A number; <see cref="ulong.MaxValue"/> is no limit.</summary>
    /// <inheritdoc cref="Of(string, bool)"/>
    public static UnitProperty Of(string name, ulong value) => new(name, "t", value);

    /// <summary>A string.</summary>
    /// <inheritdoc cref="Of(string, bool)"/>
    public static UnitProperty Of(string name, string value) => new(name, "s", value);

    /// <summary>Strings.</summary>
    /// <inheritdoc cref="Of(string, bool)"/>
    public static UnitProperty Of(string name, string[] value) => new(name, "as", value);

    /// <summary>Process ids.</summary>
    /// <inheritdoc cref="Of(string, bool)"/>
    public static UnitProperty Of(string name, uint[] value) => new(name, "au", value);

    /// <summary>A bit mask.</summary>
    /// <inheritdoc cref="Of(string, bool)"/>
    public static UnitProperty Of(string name, byte[] value) => new(name, "ay", value);

    /// <summary>Pairs.</summary>
    /// <inheritdoc cref="Of(string, bool)"/>
    public static UnitProperty Of(string name, (string, string)[] value) => new(name, "a(ss)", value);

    /// <summary>The value for people.</summary>
    /// <returns>Such as "67108864", "yes" or "infinity".</returns>
    public string Text => Value switch
    {
        bool flag => flag ? "yes" : "no",
        ulong.MaxValue => "infinity",
        string[] words => string.Join(' ', words),
        uint[] numbers => string.Join(' ', numbers),
        ulong[] numbers => string.Join(' ', numbers),
        byte[] mask => Convert.ToHexString(mask),
        (string First, string Second)[] pairs => string.Join(", ", Array.ConvertAll(pairs, pair => pair.First + " " + pair.Second)),
        var other => other.ToString() ?? "",
    };

    /// <summary>Writes (sv).</summary>
    /// <param name="writer">Where to.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: signature and value do not fit.</exception>
    internal void Write(DbusWriter writer)
    {
        writer.Align(8);
        writer.WriteString(Name);
        writer.WriteSignature(Signature);
        switch (Signature, Value)
        {
            case ("b", bool value):
                writer.WriteBoolean(value);
                break;
            case ("y", byte value):
                writer.WriteByte(value);
                break;
            case ("n", short value):
                writer.WriteUInt16((ushort)value);
                break;
            case ("q", ushort value):
                writer.WriteUInt16(value);
                break;
            case ("i", int value):
                writer.WriteUInt32((uint)value);
                break;
            case ("x", long value):
                writer.WriteUInt64((ulong)value);
                break;
            case ("d", double value):
                writer.WriteUInt64(BitConverter.DoubleToUInt64Bits(value));
                break;
            case ("g", string value):
                writer.WriteSignature(value);
                break;
            case ("at", ulong[] values):
                WriteArray(writer, 8, values, static (writer, value) => writer.WriteUInt64(value));
                break;
            case ("u", uint value):
                writer.WriteUInt32(value);
                break;
            case ("t", ulong value):
                writer.WriteUInt64(value);
                break;
            case ("s" or "o", string value):
                writer.WriteString(value);
                break;
            case ("as", string[] values):
                WriteArray(writer, 4, values, static (writer, value) => writer.WriteString(value));
                break;
            case ("au", uint[] values):
                WriteArray(writer, 4, values, static (writer, value) => writer.WriteUInt32(value));
                break;
            case ("ay", byte[] values):
                WriteArray(writer, 1, values, static (writer, value) => writer.WriteByte(value));
                break;
            case ("a(ss)", (string, string)[] values):
                WriteArray(writer, 8, values, static (writer, value) =>
                {
                    writer.Align(8);
                    writer.WriteString(value.Item1);
                    writer.WriteString(value.Item2);
                });
                break;
            default:
                throw new SampanException(ErrorKind.Internal, $"unit property {Name}: {Value.GetType().Name} is not of D-Bus type {Signature}");
        }
    }

    private static void WriteArray<T>(DbusWriter writer, int boundary, T[] values, Action<DbusWriter, T> write)
    {
        var array = writer.BeginArray(boundary);
        foreach (var value in values)
        {
            write(writer, value);
        }

        writer.EndArray(array);
    }
}

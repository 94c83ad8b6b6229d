using System.Text;
using Sampan.Linux.Dbus;
using Sampan.Linux.Systemd;

namespace Sampan.Linux.Tests.Dbus;

public sealed class DbusMessageTests
{
    // Written by hand from the specification's "Message Format": header, fields as structs on 8-byte boundaries, body.
    private const string Hello =
        "6C01000100000000010000006D00000001016F00150000002F6F72672F667265656465736B746F702F4442757300000002017300140000006F72672E667265656465736B746F702E"
        + "44427573000000000301730005000000" + "48656C6C6F000000" + "06017300140000006F72672E667265656465736B746F702E44427573000000" + "00";

    [Fact]
    public void ACallHasTheBytesOfTheSpecification() =>
        Convert.ToHexString(new DbusMessage
        {
            Type = DbusMessageType.Call,
            Serial = 1,
            Path = "/org/freedesktop/DBus",
            Interface = "org.freedesktop.DBus",
            Member = "Hello",
            Destination = "org.freedesktop.DBus",
        }.ToBytes()).ShouldBe(Hello);

    [Fact]
    public void MessagesComeBackAsTheyWere()
    {
        var body = new DbusWriter();
        body.WriteByte(7);
        body.WriteUInt64(1UL << 40);
        body.WriteString("grüße");
        var array = body.BeginArray(8);
        UnitProperty.Of("DeviceAllow", [("/dev/null", "rwm"), ("char-*", "m")]).Write(body);
        UnitProperty.Of("AllowedCPUs", (byte[])[3, 1]).Write(body);
        body.EndArray(array);
        var message = new DbusMessage
        {
            Type = DbusMessageType.Error,
            Serial = 9,
            ReplySerial = 4,
            ErrorName = "a.b",
            Destination = ":1.2",
            Signature = "ytsa(sv)",
            Body = body.ToArray(),
        };
        var bytes = message.ToBytes();
        DbusMessage.LengthOf(bytes).ShouldBe(bytes.Length);
        var back = DbusMessage.Parse(bytes);
        back.Body.ShouldBe(message.Body);
        (back with { Body = [] }).ShouldBe(message with { Body = [] });
        var reader = new DbusReader(back.Body);
        reader.ReadByte().ShouldBe((byte)7);
        reader.ReadUInt64().ShouldBe(1UL << 40);
        reader.ReadString().ShouldBe("grüße");
    }

    [Fact]
    public void WhatIsCutOffOrForeignIsAnErrorNotACrash()
    {
        var bytes = Convert.FromHexString(Hello);
        for (var length = 16; length < bytes.Length - 8; length++)
        {
            Should.Throw<SampanException>(() => DbusMessage.Parse(bytes.AsSpan(0, length))).Kind.ShouldBe(ErrorKind.Internal);
        }

        Should.Throw<SampanException>(() => DbusMessage.LengthOf("HTTP/1.1 400 Bad"u8)).Kind.ShouldBe(ErrorKind.Internal);
        bytes[4..8].AsSpan().Fill(0xFF);
        Should.Throw<SampanException>(() => DbusMessage.LengthOf([.. "l\x1\0\x1"u8, 255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255])).Kind.ShouldBe(ErrorKind.Internal);
        Encoding.ASCII.GetString(bytes, 0, 1).ShouldBe("l");
    }
}

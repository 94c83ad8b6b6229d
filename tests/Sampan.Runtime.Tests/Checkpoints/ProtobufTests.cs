using Sampan.Linux;
using Sampan.Runtime.Checkpoints.Protobuf;

namespace Sampan.Runtime.Tests.Checkpoints;

/// <summary>The encoding, by the examples of protobuf.dev's "Encoding" and by going there and back.</summary>
public sealed class ProtobufTests
{
    private static byte[] Write(Action<ProtobufWriter> write)
    {
        var writer = new ProtobufWriter();
        write(writer);
        return writer.ToArray();
    }

    [Fact]
    public void ExamplesOfTheSpecification()
    {
        Write(static writer => writer.WriteNumber(1, 150)).ShouldBe([0x08, 0x96, 0x01]);
        Write(static writer => writer.WriteText(2, "testing")).ShouldBe([0x12, 0x07, .. "testing"u8]);
        Write(static writer => writer.WriteMessage(3, static inner => inner.WriteNumber(1, 150))).ShouldBe([0x1a, 0x03, 0x08, 0x96, 0x01]);
        Write(static writer => writer.WriteNumber(1, -2)).ShouldBe([0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    }

    [Fact]
    public void AFieldNumberCanTakeTwoBytes() => Write(static writer => writer.WriteBoolean(63, true)).ShouldBe([0xf8, 0x03, 0x01]);

    [Theory]
    [InlineData(0, false, "")]
    [InlineData(1, true, "a")]
    [InlineData(127, true, "two\nlines")]
    [InlineData(128, false, "äöü €")]
    [InlineData(int.MaxValue, true, "\0")]
    [InlineData(int.MinValue, true, "x")]
    [InlineData(long.MaxValue, false, "𝄞")]
    [InlineData(long.MinValue, true, "end")]
    [InlineData(-1, true, "minus")]
    public void ThereAndBack(long number, bool flag, string text)
    {
        var message = Write(writer =>
        {
            writer.WriteNumber(1, number);
            writer.WriteBoolean(17, flag);
            writer.WriteMessage(2, inner => inner.WriteText(300, text));
        });
        var reader = new ProtobufReader(message);
        reader.Next(out var field).ShouldBeTrue();
        field.ShouldBe(1);
        reader.ReadNumber().ShouldBe(number);
        reader.Next(out field).ShouldBeTrue();
        field.ShouldBe(17);
        (reader.ReadNumber() != 0).ShouldBe(flag);
        reader.Next(out field).ShouldBeTrue();
        var inner = new ProtobufReader(reader.ReadBytes());
        inner.Next(out field).ShouldBeTrue();
        field.ShouldBe(300);
        inner.ReadText().ShouldBe(text);
        inner.Next(out _).ShouldBeFalse();
        reader.Next(out _).ShouldBeFalse();
    }

    [Fact]
    public void UnknownFieldsOfEveryKindArePassedOver()
    {
        byte[] message = [0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 0x02, 0xff, 0xff, 0x25, 1, 2, 3, 4, 0x28, 0x07];
        var reader = new ProtobufReader(message);
        for (var expected = 1; expected <= 4; expected++)
        {
            reader.Next(out var field).ShouldBeTrue();
            field.ShouldBe(expected);
            reader.Skip();
        }

        reader.Next(out _).ShouldBeTrue();
        reader.ReadNumber().ShouldBe(7);
        reader.Next(out _).ShouldBeFalse();
    }

    [Fact]
    public void WhateverIsCutOffIsAnError()
    {
        var message = Write(static writer =>
        {
            writer.WriteNumber(1, 300);
            writer.WriteText(20, "text");
        });
        var whole = 0;
        for (var length = 0; length <= message.Length; length++)
        {
            var part = message[..length];
            if (TryReadAll(part))
            {
                whole++;
            }
        }

        // Nothing, the first field, and both.
        whole.ShouldBe(3);
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f })]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })]
    [InlineData(new byte[] { 0x00, 0x01 })]
    [InlineData(new byte[] { 0x0b })]
    [InlineData(new byte[] { 0x0f })]
    public void NumbersThatAreTooLongLengthsAndKindsThatCannotBe(byte[] message) => TryReadAll(message).ShouldBeFalse();

    [Fact]
    public void AFieldOfAnotherKindIsAnError()
    {
        Should.Throw<SampanException>(static () =>
        {
            var reader = new ProtobufReader([0x0a, 0x00]);
            reader.Next(out _);
            reader.ReadNumber();
        }).Kind.ShouldBe(ErrorKind.Internal);
        Should.Throw<SampanException>(static () =>
        {
            var reader = new ProtobufReader([0x08, 0x00]);
            reader.Next(out _);
            _ = reader.ReadText();
        }).Kind.ShouldBe(ErrorKind.Internal);
    }

    private static bool TryReadAll(byte[] message)
    {
        try
        {
            var reader = new ProtobufReader(message);
            while (reader.Next(out _))
            {
                reader.Skip();
            }

            return true;
        }
        catch (SampanException)
        {
            return false;
        }
    }
}

using System.Text;
using Sampan.Cli.Terminals;
using Sampan.Flags;

namespace Sampan.Cli.Tests.Terminals;

public sealed class DetachKeysTests
{
    [Theory]
    [InlineData("", new byte[] { 16, 17 })]
    [InlineData("ctrl-p,ctrl-q", new byte[] { 16, 17 })]
    [InlineData("a", new byte[] { 97 })]
    [InlineData("ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", new byte[] { 0, 27, 28, 29, 30, 31 })]
    public void Reads_sequences(string text, byte[] expected) => DetachKeys.Parse(text).ShouldBe(expected);

    [Theory]
    [InlineData("ctrl-x1")]
    [InlineData("ctrl-1")]
    [InlineData("a,,b")]
    [InlineData("ab")]
    public void Refuses_other_words(string text) => Should.Throw<ValueException>(() => DetachKeys.Parse(text)).Message.ShouldStartWith("invalid detach keys (");

    [Theory]
    [InlineData("hello", "hello", false)]
    [InlineData("he\u0010\u0011llo", "he", true)]
    [InlineData("\u0010", "", false)]
    [InlineData("\u0010x", "\u0010x", false)]
    [InlineData("\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("\u0011\u0010", "\u0011", false)]
    public void Finds_the_sequence(string typed, string passed, bool detached) => Scan(new DetachKeys(DetachKeys.Default), typed).ShouldBe((passed, detached));

    [Fact]
    public void Finds_a_sequence_typed_key_by_key()
    {
        var keys = new DetachKeys(DetachKeys.Default);
        Scan(keys, "a").ShouldBe(("a", false));
        Scan(keys, "\u0010").ShouldBe(("", false));
        Scan(keys, "\u0011").ShouldBe(("", true));
    }

    [Fact]
    public void Without_a_sequence_everything_passes() => Scan(new DetachKeys([]), "\u0010\u0011").ShouldBe(("\u0010\u0011", false));

    private static (string Passed, bool Detached) Scan(DetachKeys keys, string typed)
    {
        var passed = new byte[64];
        var detached = keys.Scan(Encoding.ASCII.GetBytes(typed), passed, out var length);
        return (Encoding.ASCII.GetString(passed, 0, length), detached);
    }
}

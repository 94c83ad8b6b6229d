using System.Text;
using System.Text.Json;

namespace Sampan.Json.Tests;

public sealed class JsonTextEncoderTests
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JsonTextEncoder.Instance };

    [Theory]
    [InlineData("a+b <c> & 'd' /e", "\"a+b <c> & 'd' /e\"")]
    [InlineData("é 舢舨 \U0001F6A2", "\"é 舢舨 \U0001F6A2\"")]
    [InlineData("\"\\\b\t\n\f\r", "\"\\\"\\\\\\b\\t\\n\\f\\r\"")]
    [InlineData("\u0001\u001b[31m\u007f\u009b\u2028", "\"\\u0001\\u001b[31m\\u007f\\u009b\\u2028\"")]
    [InlineData("plain and then \u0001", "\"plain and then \\u0001\"")]
    [InlineData("é\n", "\"é\\n\"")]
    [InlineData("", "\"\"")]
    public void Escapes_what_it_must_and_no_more(string text, string json)
    {
        JsonSerializer.Serialize(text, Options).ShouldBe(json);

        // The same by way of UTF-8.
        Encoding.UTF8.GetString(JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), JsonTextEncoder.Instance).EncodedUtf8Bytes).ShouldBe(json[1..^1]);
    }

    [Fact]
    public void Every_character_comes_back()
    {
        var text = string.Concat(Enumerable.Range(0, 0x11000).Where(scalar => scalar is < 0xd800 or > 0xdfff).Select(char.ConvertFromUtf32));

        JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(text, Options)).ShouldBe(text);
    }

    [Fact]
    public void Half_a_pair_becomes_the_replacement_character() => JsonSerializer.Serialize("a\ud800b", Options).ShouldBe("\"a\\ufffdb\"");
}

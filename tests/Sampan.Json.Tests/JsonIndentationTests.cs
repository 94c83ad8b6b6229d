using System.Text;
using System.Text.Json;

namespace Sampan.Json.Tests;

public sealed class JsonIndentationTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData(" [{}, [ ] ,1]\n", "[\n  {},\n  [],\n  1\n]")]
    [InlineData("{\"a\":{\"b\":[true,null]},\"c\":-1.50e+2}", "{\n  \"a\": {\n    \"b\": [\n      true,\n      null\n    ]\n  },\n  \"c\": -1.50e+2\n}")]
    [InlineData("\"x\"", "\"x\"")]
    [InlineData("7", "7")]
    public void Documents_are_laid_out_as_go_does(string json, string text) => Indent(json).ShouldBe(text);

    [Theory]
    [InlineData("""["{ \" } , : [ \\"]""")]
    [InlineData("""["\u003c\/\ud800 <é 舢舨 £ §>"]""")]
    public void Strings_stay_as_they_are(string json) => Indent(json).ShouldBe(json.Replace("[\"", "[\n  \"").Replace("\"]", "\"\n]"));

    [Fact]
    public void What_a_terminal_must_not_be_sent_is_escaped()
    {
        Indent("[\"a\u007fb\u0080\u009bc\u00a0\"]").ShouldBe("[\n  \"a\\u007fb\\u0080\\u009bc\u00a0\"\n]");
        JsonDocument.Parse(Indent("[\"\u009b\"]")).RootElement[0].GetString().ShouldBe("\u009b");
    }

    /// <summary>.NET's writer lays documents out in the same way.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_document_is_laid_out_as_dotnet_does(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 200; count++)
        {
            using var document = JsonDocument.Parse(Make(random, 5));
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new() { Indented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = JsonTextEncoder.Instance, NewLine = "\n" }))
            {
                document.WriteTo(writer);
            }

            Encoding.UTF8.GetString(JsonIndentation.Indent(Encoding.UTF8.GetBytes(document.RootElement.GetRawText()), "\t"u8)).ShouldBe(Encoding.UTF8.GetString(stream.ToArray()));
        }
    }

    private static string Make(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => "true",
        1 => $"{random.Next(-9, 9)}.5",
        2 => "\"a\\n\\\"é\\\\\"",
        3 => "null",
        4 => $"[ {string.Join(" ,\n", Enumerable.Range(0, random.Next(4)).Select(_ => Make(random, depth - 1)))}]",
        _ => $"{{{string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(index => $"\"k{index}\" : {Make(random, depth - 1)}"))} }}",
    };

    private static string Indent(string json) => Encoding.UTF8.GetString(JsonIndentation.Indent(Encoding.UTF8.GetBytes(json), "  "u8));
}

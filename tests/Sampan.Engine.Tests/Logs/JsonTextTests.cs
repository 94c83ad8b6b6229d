using System.Text;
using System.Text.Json;
using Sampan.Engine.Logs;

namespace Sampan.Engine.Tests.Logs;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("tab\tand \"quote\" \\ back\rslash\n", "tab\\tand \\\"quote\\\" \\\\ back\\rslash\\n")]
    [InlineData("<a & b>", "\\u003ca \\u0026 b\\u003e")]
    [InlineData("\u001b[1mbold\u0000", "\\u001b[1mbold\\u0000")]
    [InlineData("原理实践 ✓ €", "原理实践 ✓ €")]
    [InlineData("line\u2028sep\u2029", "line\\u2028sep\\u2029")]
    public void Writes_what_docker_writes(string text, string expected) => Escape(Encoding.UTF8.GetBytes(text)).ShouldBe(expected);

    [Fact]
    public void Replaces_each_byte_that_is_no_utf8() => Escape([(byte)'a', 0xFF, 0xC3, (byte)'b', 0xE2, 0x82]).ShouldBe("a\\ufffd\\ufffdb\\ufffd\\ufffd");

    [Fact]
    public void Whatever_goes_in_comes_out_as_json()
    {
        var random = new Random(42);
        var target = new byte[6 * 400];
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(0, 400)];
            random.NextBytes(bytes);
            var length = JsonText.Escape(bytes, target);
            var text = JsonSerializer.Deserialize<string>("\"" + Encoding.UTF8.GetString(target, 0, length) + "\"");
            if (System.Text.Unicode.Utf8.IsValid(bytes))
            {
                text.ShouldBe(Encoding.UTF8.GetString(bytes));
            }
        }
    }

    private static string Escape(byte[] bytes)
    {
        var target = new byte[bytes.Length * JsonText.MaximumExpansion];
        return Encoding.UTF8.GetString(target, 0, JsonText.Escape(bytes, target));
    }
}

using FsCheck;
using FsCheck.Fluent;
using Sampan.Registries.Toml;

namespace Sampan.Registries.Tests.Toml;

public class TomlReaderTests
{
    [Fact]
    public void Reads_what_configuration_files_are_written_in()
    {
        var root = TomlReader.Parse("""
            # a comment
            title = "a \"b\" \u00e9" # behind a value
            literal = 'C:\x'
            number = -12
            yes = true
            "quoted key" = false
            list = [ "one", # first
              'two', ]
            a.b.c = "dotted"
            inline = { x = 1, y.z = "deep" }

            [table]
            key = "v"
            [table.inner]
            key = "w"
            [[item]]
            name = "1"
            [[item.part]]
            name = "1a"
            [[item]]
            name = "2"
            """);
        root.Text("title").ShouldBe("a \"b\" é");
        root.Text("literal").ShouldBe("C:\\x");
        root["number"].ShouldBe(-12L);
        root.Flag("yes").ShouldBeTrue();
        root["quoted key"].ShouldBe(false);
        root.List<string>("list", "strings").ShouldBe(["one", "two"]);
        Table(Table(root, "a"), "b").Text("c").ShouldBe("dotted");
        Table(Table(root, "inline"), "y").Text("z").ShouldBe("deep");
        Table(Table(root, "table"), "inner").Text("key").ShouldBe("w");
        var items = root.List<TomlTable>("item", "tables");
        items.Select(item => item.Text("name")).ShouldBe(["1", "2"]);
        items[0].List<TomlTable>("part", "tables")[0].Text("name").ShouldBe("1a");
        items[1]["part"].ShouldBeNull();
    }

    [Theory]
    [InlineData("a = 1\na = 2", 2, "a is given a second time")]
    [InlineData("\n\na = ", 3, "a value is expected")]
    [InlineData("a = yes", 1, "strings need quotes")]
    [InlineData("a = \"x", 1, "no end on its line")]
    [InlineData("a = \"\\q\"", 1, "escape")]
    [InlineData("a = \"\\ud800\"", 1, "escape")]
    [InlineData("a = \"\"\"x\"\"\"", 1, "several lines")]
    [InlineData("a = 1 b = 2", 1, "nothing more")]
    [InlineData("a = [1 2]", 1, "comma")]
    [InlineData("[t]\n[t]", 2, "t is given a second time")]
    [InlineData("t = {}\n[t]", 2, "given a second time")]
    [InlineData("t = {}\n[t.u]", 2, "closed on line 1")]
    [InlineData("t = []\n[[t]]", 2, "something else")]
    [InlineData("t = 1\n[t.u]", 2, "t is no table")]
    [InlineData("= 1", 1, "a key is expected")]
    [InlineData("[t", 1, "] is expected")]
    [InlineData("a = 1979-05-27", 1, "no string, whole number")]
    [InlineData("a = 1.5", 1, "no string, whole number")]
    [InlineData("a = 99999999999999999999", 1, "no string, whole number")]
    public void Refuses_with_line_and_reason(string text, int line, string reason)
    {
        var error = Should.Throw<TomlException>(() => TomlReader.Parse(text));
        error.Line.ShouldBe(line);
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void Nesting_has_a_bound() => Should.Throw<TomlException>(() => TomlReader.Parse("a = " + new string('[', 100_000))).Message.ShouldContain("nested deeper");

    [Fact]
    public void Any_text_is_read_or_refused()
    {
        var pieces = Gen.Elements("a", "b.c", "\"k\"", "=", " = ", "1", "true", "\"s\"", "'l'", "[", "]", "[[", "]]", "{", "}", ",", ".", "\n", "\r\n", "#x\n", "\\", "\"", "'", "\u0000", "é", " ");
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.ListOf(pieces).ToArbitrary(), parts =>
        {
            var text = string.Concat(parts);
            try
            {
                TomlReader.Parse(text);
            }
            catch (TomlException error)
            {
                error.Line.ShouldBeInRange(1, text.Count(letter => letter == '\n') + 1);
            }
        }));
    }

    private static TomlTable Table(TomlTable parent, string key) => parent.Get<TomlTable>(key, "a table")!;
}

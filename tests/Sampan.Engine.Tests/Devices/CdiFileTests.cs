using System.Text;
using Sampan.Engine.Devices;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Devices;

/// <summary>CDI files in both forms, and in forms that are meant ill.</summary>
public sealed class CdiFileTests : IDisposable
{
    private const string Json = """
        {"cdiVersion": "0.6.0", "kind": "vendor.com/net", "containerEdits": {"env": ["ALL=1", "YES=no"]}, "devices": [
          {"name": "0", "containerEdits": {"deviceNodes": [{"path": "/dev/a", "hostPath": "/dev/null", "permissions": "rw", "major": 1, "fileMode": 438}],
            "mounts": [{"hostPath": "/lib: x", "containerPath": "/usr/lib/driver", "options": ["ro", "bind"]}]}},
          {"name": "all", "containerEdits": {}}]}
        """;

    private const string Yaml = """
        ---
        # What nvidia-ctk writes looks like this.
        cdiVersion: 0.6.0
        kind: vendor.com/net
        containerEdits:
          env:
          - ALL=1
          - "YES=no"
        devices:
        - name: "0"
          containerEdits:
            deviceNodes:
            - path: /dev/a
              hostPath: /dev/null
              permissions: rw   # to read and write
              major: 1
              fileMode: 0666
            mounts:
            - hostPath: '/lib: x'
              containerPath: /usr/lib/driver
              options: [ro, bind]
        - name: all
          containerEdits: {}
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("cdi-").FullName;

    [Theory]
    [InlineData("yaml")]
    [InlineData("yml")]
    public void Both_forms_say_the_same(string extension)
    {
        var fromJson = Edits("json", Json);
        File.Delete(Path.Combine(_directory, "file.json"));
        Edits(extension, Yaml).ShouldBe(fromJson);
        fromJson.ShouldContain("/dev/null");
    }

    [Fact]
    public void Numbers_are_what_they_are_in_yaml()
    {
        string Value(string text) => Encoding.UTF8.GetString(CdiYaml.ToJson(Encoding.UTF8.GetBytes("a: " + text)));
        Value("0666").ShouldBe("""{"a":438}""");
        Value("0o17").ShouldBe("""{"a":15}""");
        Value("0x1F").ShouldBe("""{"a":31}""");
        Value("-7").ShouldBe("""{"a":-7}""");
        Value("1.5").ShouldBe("""{"a":1.5}""");
        Value("089").ShouldBe("""{"a":"089"}""");
        Value("1.2.3").ShouldBe("""{"a":"1.2.3"}""");
        Value("'1'").ShouldBe("""{"a":"1"}""");
        Value("true").ShouldBe("""{"a":true}""");
        Value("~").ShouldBe("""{"a":null}""");
        Value("\"x # y\" # z").ShouldBe("""{"a":"x # y"}""");
        Value("'it''s'").ShouldBe("""{"a":"it\u0027s"}""");
        Value("[1, {b: c, 'd': [e]},\n  f]").ShouldBe("""{"a":[1,{"b":"c","d":["e"]},"f"]}""");
        Value("\n- b: 1\n  c:\n  - 2\n-\n  - 3\nd: {}").ShouldBe("""{"a":[{"b":1,"c":[2]},[3]],"d":{}}""");
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "a: &a [x,x]\nb: &b [*a,*a]\nkind: c", "anchors and aliases are not read" },
        { "kind: *a", "anchors and aliases are not read" },
        { string.Concat(Enumerable.Repeat("[", 10 << 20)), "nested more than 32 deep" },
        { string.Concat(Enumerable.Range(0, 3000).Select(depth => new string(' ', depth) + "a:\n")), "nested more than 32 deep" },
        { string.Concat(Enumerable.Repeat("- ", 100_000)), "nested more than 32 deep" },
        { "kind: a\n\tdevices: []", "line 2" },
        { "kind: a\nkind: b", "key kind is there twice" },
        { "kind: !!binary aGk=", "tags are not read" },
        { "kind: a\n---\nkind: b", "one document is read" },
        { "? [a, b]\n: c", "a key must be a text" },
        { "kind: \"a", "line" },
        { "", "it is empty" },
        { "kind: |\n  a", "a text over several lines is not read" },
        { "kind: a\n  b", "a text over several lines is not read" },
        { "kind: a\n  b: c", "indented too far" },
        { "a:\n    b: c\n  d: e", "indented otherwise" },
        { "kind: a: b", "a colon in a text must be quoted" },
        { "kind: [a, b", "the collection does not end" },
        { "kind: [a] b", "something follows" },
        { "kind: {a: b, a: c}", "key a is there twice" },
        { "just text", "" },
        { "kind: [a", "line" },
        { "kind: {a: b", "line" },
        { "- a", "" },
        { "kind: [a]", "kind" },
        { "\u0000\u0001\u0002", "line" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_is_damaged_or_meant_ill_is_refused_in_one_line(string yaml, string words)
    {
        File.WriteAllText(Path.Combine(_directory, "file.yaml"), yaml);
        var error = Should.Throw<SampanException>(() => new CdiRegistry(_directory).Resolve(["vendor.com/net=0"]));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldStartWith($"CDI file {_directory}/file.yaml: ");
        error.Message.ShouldContain(words);
        error.Message.ShouldNotContain("\n");
        error.Message.Length.ShouldBeLessThan(500);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Edits(string extension, string content)
    {
        File.WriteAllText(Path.Combine(_directory, "file." + extension), content);
        var edits = new CdiRegistry(_directory).Resolve(["vendor.com/net=0", "vendor.com/net=all"]);
        return System.Text.Json.JsonSerializer.Serialize(edits);
    }
}

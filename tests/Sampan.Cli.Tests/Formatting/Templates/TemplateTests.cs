using System.Text.Json;
using Sampan.Cli.Formatting.Templates;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Formatting.Templates;

public sealed class TemplateTests
{
    private const string Document = """
        {"Id":"abc","State":{"Status":"running","Pid":42,"Running":true,"Dead":false},"Args":["-c","echo"],"None":null,"Empty":[],
         "Labels":{"b":"2","a":"1"},"Mounts":[{"Source":"/s","Destination":"/d"},{"Source":"/t","Destination":"/e"}],"Text":"a <b> & 'c'"}
        """;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Id}}", "abc")]
    [InlineData("{{ .State.Status }}:{{.State.Pid}}", "running:42")]
    [InlineData("{{.State.Running}}", "true")]
    [InlineData("{{.Args}}", "[-c echo]")]
    [InlineData("{{.Labels}}", "map[a:1 b:2]")]
    [InlineData("{{.None}}", "[]")]
    [InlineData("{{json .State}}", """{"Status":"running","Pid":42,"Running":true,"Dead":false}""")]
    [InlineData("{{json .Args}}", """["-c","echo"]""")]
    [InlineData("{{json .Text}}", "\"a <b> & 'c'\"")]
    [InlineData("{{.Args | json}}", """["-c","echo"]""")]
    [InlineData("{{index .Args 1}}", "echo")]
    [InlineData("{{index .Labels \"a\"}}", "1")]
    [InlineData("{{index .Labels \"zz\"}}", "")]
    [InlineData("{{(index .Mounts 0).Source}}", "/s")]
    [InlineData("{{len .Args}}", "2")]
    [InlineData("{{join .Args \" \"}}", "-c echo")]
    [InlineData("{{upper .Id}}{{lower \"X\"}}{{title \"ab cd\"}}", "ABCxAb Cd")]
    [InlineData("{{truncate .Id 2}}|{{pad .Id 1 2}}|", "ab| abc  |")]
    [InlineData("{{split \"a,b\" \",\"}}", "[a b]")]
    [InlineData("{{if .State.Running}}up{{else}}down{{end}}", "up")]
    [InlineData("{{if .State.Dead}}dead{{else if eq .State.Status \"running\"}}fine{{end}}", "fine")]
    [InlineData("{{if and .State.Running (not .State.Dead)}}x{{end}}", "x")]
    [InlineData("{{with .State}}{{.Pid}}{{end}}", "42")]
    [InlineData("{{with .Empty}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range .Mounts}}{{.Source}}->{{.Destination}} {{end}}", "/s->/d /t->/e ")]
    [InlineData("{{range $i, $m := .Mounts}}{{$i}}={{$m.Source}};{{end}}", "0=/s;1=/t;")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}{{$v}}{{end}}", "a1b2")]
    [InlineData("{{range .Empty}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range .None}}x{{end}}", "")]
    [InlineData("{{$x := .Id}}{{$x}}{{$.Id}}", "abcabc")]
    [InlineData("a {{- .Id -}} b", "aabcb")]
    [InlineData("{{/* note */}}x", "x")]
    [InlineData("{{`raw \"}}\"`}}", "raw \"}}\"")]
    [InlineData("{{printf \"%s-%d%%\" .Id .State.Pid}}", "abc-42%")]
    [InlineData("{{println .Id}}", "abc\n")]
    [InlineData("{{gt .State.Pid 41}}{{ne .Id \"x\"}}", "truetrue")]
    [InlineData("{{index .Labels \"a\" | printf \"%5s|%-5s|\" .Id}}", "  abc|1    |")]
    [InlineData("{{printf \"%05d|%x|%X|%q|%v|%t|%6.2f|%+d\" .State.Pid .Id 255 .Id .Args true 3.14159 7}}", "00042|616263|FF|\"abc\"|[-c echo]|true|  3.14|+7")]
    [InlineData("{{printf \"%d\" .Id}} {{printf \"%s\"}} {{printf \"a\" 1}}", "%!d(string=abc) %!s(MISSING) a%!(EXTRA int=1)")]
    [InlineData("{{printf \"%s %q %*d %c\" .Args .Args 4 7 65}}", "[-c echo] [\"-c\" \"echo\"]    7 A")]
    [InlineData("{{print 1 2 \"x\" 3}} {{println 1 \"x\"}}", "1 2x3 1 x\n")]
    [InlineData("{{slice .Id 1}}{{slice .Id 0 1}}{{slice .Args 1}}", "bca[echo]")]
    [InlineData("{{index .Id 0}}", "97")]
    [InlineData("{{'a'}} {{0x1f}} {{1_000}} {{1.5}} {{-3}} {{1e3}}", "97 31 1000 1.5 -3 1000")]
    [InlineData("{{\"a\\tb\\u00e9\\x41\"}}", "a\tb\u00e9A")]
    [InlineData("{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}", "2")]
    [InlineData("{{range $i, $a := .Args}}{{if $i}}, {{end}}{{$a}}{{end}}", "-c, echo")]
    [InlineData("{{range .Mounts}}{{.Source}}{{break}}{{end}}|{{range .Mounts}}{{if eq .Source \"/s\"}}{{continue}}{{end}}{{.Source}}{{end}}", "/s|/t")]
    [InlineData("{{range 3}}{{.}}{{end}}", "012")]
    [InlineData("{{with .Empty}}x{{else with .Id}}{{.}}{{end}}", "abc")]
    [InlineData("{{with $m := index .Mounts 1}}{{$m.Source}}{{.Destination}}{{end}}", "/t/e")]
    [InlineData("{{(index .Mounts 0).Source | upper | printf \"%s%s\" .Id}}", "abc/S")]
    [InlineData("{{and true 0 .Nothing.At.All}}|{{or .Id (index .Args 99)}}", "0|abc")]
    [InlineData("{{eq .Id \"x\" \"abc\"}} {{le 1 1}} {{ge 2 1}} {{lt \"a\" \"b\"}} {{not true}} {{eq nil .None}}", "true true true true false true")]
    [InlineData("{{.Labels.nothere}}|{{.None.Below}}", "<no value>|<no value>")]
    [InlineData("{{if .Labels.nothere}}x{{else}}y{{end}}", "y")]
    [InlineData("{{title \"hello wORLD it's\"}}", "Hello WORLD It'S")]
    [InlineData("{{split \"abc\" \"\"}} {{join (split \"a,b\" \",\") \"+\"}} {{truncate \"h\u00e9llo\" 2}}", "[a b c] a+b h")]
    [InlineData("{{json .Labels}} {{json .None}} {{json 1.5}} {{json \"<\\\"\"}}", "{\"b\":\"2\",\"a\":\"1\"} null 1.5 \"<\\\"\"")]
    [InlineData("a\n{{- /* c */ -}}\n b", "ab")]
    [InlineData("{{- 3 -}} x", "3x")]
    [InlineData("{{-3}}", "-3")]
    [InlineData("{{ .Id}}}}", "abc}}")]
    public void Renders(string template, string expected)
    {
        using var document = JsonDocument.Parse(Document);
        new Template(template).Execute(document.RootElement).ShouldBe(expected);
    }

    // The words are those of docker 28's client.
    [Theory]
    [InlineData("{{.Id", ":1: unclosed action")]
    [InlineData("a\n{{.Id", ":2: unclosed action")]
    [InlineData("{{}}", ":1: missing value for command")]
    [InlineData("{{if}}x{{end}}", ":1: missing value for if")]
    [InlineData("{{range}}x{{end}}", ":1: missing value for range")]
    [InlineData("{{foo .Id}}", ":1: function \"foo\" not defined")]
    [InlineData("{{if .Id}}x", ":1: unexpected EOF")]
    [InlineData("{{if .Id}}x{{else}}y{{else}}{{end}}", ":1: expected end; found {{else}}")]
    [InlineData("{{end}}", ":1: unexpected {{end}}")]
    [InlineData("{{else}}", ":1: unexpected {{else}}")]
    [InlineData("{{template \"x\"}}", "{{template}} is not supported")]
    [InlineData("{{define \"x\"}}{{end}}", "{{define}} is not supported")]
    [InlineData("{{\"x}}", ":1: unterminated quoted string")]
    [InlineData("{{`x}}", ":1: unterminated raw quoted string")]
    [InlineData("{{'x}}", ":1: unterminated character constant")]
    [InlineData("{{(.Id}}", ":1: unclosed left paren")]
    [InlineData("{{.Id)}}", ":1: unexpected right paren")]
    [InlineData("{{/* x}}", ":1: unclosed comment")]
    [InlineData("{{/* x */ y}}", ":1: comment ends before closing delimiter")]
    [InlineData("{{$x}}", ":1: undefined variable \"$x\"")]
    [InlineData("{{if true}}{{$x := 1}}{{end}}{{$x}}", ":1: undefined variable \"$x\"")]
    [InlineData("{{$x = 1}}", ":1: undefined variable \"$x\"")]
    [InlineData("{{break}}", ":1: {{break}} outside {{range}}")]
    [InlineData("{{.Id | \"x\"}}", ":1: non executable command in pipeline stage 2")]
    [InlineData("{{.Id | .}}", ":1: non executable command in pipeline stage 2")]
    [InlineData("{{1x}}", ":1: bad number syntax: \"1x\"")]
    [InlineData("{{#}}", ":1: unexpected \"#\" in command")]
    [InlineData("{{.Id,.Id}}", ":1: unexpected \",\" in operand")]
    [InlineData("{{.Id#}}", ":1: bad character U+0023 '#'")]
    public void Refuses_at_once_what_it_cannot_read(string template, string message)
    {
        var error = Should.Throw<SampanException>(() => new Template(template));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldStartWith("template parsing error: template: :");
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("{{.Foo}}", ":1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"")]
    [InlineData("a\nb{{.State.Foo}}", ":2:9: executing \"\" at <.State.Foo>: map has no entry for key \"Foo\"")]
    [InlineData("{{.Id.Foo}}", "can't evaluate field Foo in type string")]
    [InlineData("{{.Id 1}}", ":1:2: executing \"\" at <.Id>: Id has arguments but cannot be invoked as function")]
    [InlineData("{{1 2}}", "can't give argument to non-function 1")]
    [InlineData("{{index .Args 7}}", ":1:2: executing \"\" at <index .Args 7>: error calling index: index out of range: 7")]
    [InlineData("{{range .Id}}{{end}}", ":1:8: executing \"\" at <.Id>: range can't iterate over abc")]
    [InlineData("{{upper 1}}", ":1:8: executing \"\" at <1>: expected string; found 1")]
    [InlineData("{{upper .State.Pid}}", "wrong type for value; expected string; got int")]
    [InlineData("{{join \"a\" \",\"}}", "at <\"a\">: can't handle \"a\" for arg of type []string")]
    [InlineData("{{nil}}", "at <nil>: nil is not a command")]
    [InlineData("{{upper}}", ":1:2: executing \"\" at <upper>: wrong number of args for upper: want 1 got 0")]
    [InlineData("{{eq 1 \"a\"}}", "error calling eq: incompatible types for comparison")]
    [InlineData("{{slice .Id 2 1}}", "error calling slice: invalid slice index: 2 > 1")]
    [InlineData("{{slice .Id 9}}", "error calling slice: index out of range: 9")]
    [InlineData("{{len 3}}", "error calling len: len of type int")]
    public void Names_what_went_wrong(string template, string message)
    {
        using var document = JsonDocument.Parse(Document);
        Should.Throw<SampanException>(() => new Template(template).Execute(document.RootElement)).Message.ShouldContain(message);
    }

    /// <summary>Whatever is typed there: a text, or one line that says why not.</summary>
    [Fact]
    public void Rubbish_is_refused_and_nothing_else_happens()
    {
        string[] words = ["{{", "}}", " ", ".Id", ".", "$", "$x", ":=", "=", "|", "(", ")", ",", "\"", "'", "`", "\\", "if", "else", "end", "range", "with", "1", "-", "len", "index", "printf", "\"%d\"", "/*", "*/", "\n"];
        var random = new Random(7);
        using var document = JsonDocument.Parse(Document);
        for (var i = 0; i < 20_000; i++)
        {
            var template = "{{" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            try
            {
                _ = new Template(template).Execute(document.RootElement);
            }
            catch (SampanException error)
            {
                error.Message.ShouldStartWith("template parsing error: template: :", Case.Sensitive, template);
            }
        }
    }
}

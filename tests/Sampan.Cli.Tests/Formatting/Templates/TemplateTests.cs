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
    public void Renders(string template, string expected)
    {
        using var document = JsonDocument.Parse(Document);
        new Template(template).Execute(document.RootElement).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{{.Id", "unclosed action")]
    [InlineData("{{}}", "missing value for command")]
    [InlineData("{{foo .Id}}", "function \"foo\" not defined")]
    [InlineData("{{if .Id}}x", "unexpected end of template")]
    [InlineData("{{end}}", "unexpected {{end}}")]
    [InlineData("{{template \"x\"}}", "{{template}} is not supported")]
    [InlineData("{{\"x}}", "unterminated quoted string")]
    [InlineData("{{(.Id}}", "unclosed left paren")]
    public void Refuses_at_once_what_it_cannot_read(string template, string message)
    {
        var error = Should.Throw<SampanException>(() => new Template(template));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldContain("template parsing error: ");
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("{{.Foo}}", "map has no entry for key \"Foo\"")]
    [InlineData("{{.Id.Foo}}", "can't evaluate field Foo")]
    [InlineData("{{.Id 1}}", "can't give argument to non-function")]
    [InlineData("{{index .Args 7}}", "index out of range: 7")]
    [InlineData("{{range .Id}}{{end}}", "range can't iterate over abc")]
    [InlineData("{{$y}}", "undefined variable \"$y\"")]
    [InlineData("{{upper 1}}", "error calling upper: expected string")]
    public void Names_what_went_wrong(string template, string message)
    {
        using var document = JsonDocument.Parse(Document);
        Should.Throw<SampanException>(() => new Template(template).Execute(document.RootElement)).Message.ShouldContain(message);
    }
}

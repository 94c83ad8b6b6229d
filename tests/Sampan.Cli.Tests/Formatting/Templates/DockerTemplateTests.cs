using System.Text.Json;
using Sampan.Cli.Formatting.Templates;
using Sampan.Cli.Tests.Commands;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Formatting.Templates;

/// <summary>The same template to docker's client and to ours: the same text, or the same words of refusal. "context inspect" needs no daemon.</summary>
public sealed class DockerTemplateTests
{
    private const string Document = """{"Name":"default","Endpoints":{"docker":{"Host":"unix:///nonexistent/docker.sock","SkipTLSVerify":false}}}""";

    [Theory]
    [InlineData("{{.Name}}|{{.Endpoints.docker.Host}}|{{json .Endpoints}}")]
    [InlineData("{{.Name")]
    [InlineData("{{}}")]
    [InlineData("{{if}}x{{end}}")]
    [InlineData("{{with | .Name}}x{{end}}")]
    [InlineData("{{if .Name}}x")]
    [InlineData("{{if .Name}}a{{else}}b{{else}}c{{end}}")]
    [InlineData("{{end}}")]
    [InlineData("{{else}}")]
    [InlineData("{{foo}}")]
    [InlineData("{{\"x}}")]
    [InlineData("{{`x}}")]
    [InlineData("{{'x}}")]
    [InlineData("{{(.Id}}")]
    [InlineData("{{.Id)}}")]
    [InlineData("{{/* x}}")]
    [InlineData("{{/* x */ y}}")]
    [InlineData("{{$x}}")]
    [InlineData("{{break}}")]
    [InlineData("{{.Id | \"x\"}}")]
    [InlineData("{{.Id | .}}")]
    [InlineData("{{1x}}")]
    [InlineData("{{#}}")]
    [InlineData("{{.Id,.Id}}")]
    [InlineData("{{.Id#}}")]
    [InlineData("{{.Name}")]
    [InlineData("{{.Name}}}")]
    [InlineData("{{\"a\".x}}")]
    [InlineData("{{range $i, $e, $f := .X}}{{end}}")]
    [InlineData("{{with $y := 1}}{{end}}{{$y}}")]
    [InlineData("{{.Name.Foo}}")]
    [InlineData("{{.Name 1}}")]
    [InlineData("{{1 2}}")]
    [InlineData("{{nil}}")]
    [InlineData("{{index (split \"a\" \",\") 7}}")]
    [InlineData("{{range .Name}}{{end}}")]
    [InlineData("{{upper 1}}")]
    [InlineData("{{upper}}")]
    [InlineData("{{and}}")]
    [InlineData("{{eq 1 \"a\"}}")]
    [InlineData("{{lt true false}}")]
    [InlineData("{{ne \"a\" \"b\" \"c\"}}")]
    [InlineData("{{slice \"abc\" 2 1}}")]
    [InlineData("{{slice \"abc\" 9}}")]
    [InlineData("{{slice \"abc\" 1 2 3}}")]
    [InlineData("{{slice \"abc\" 1 2}}{{slice \"abc\" 1}}")]
    [InlineData("{{len 3}}")]
    [InlineData("{{join \"a\" \",\"}}")]
    [InlineData("{{split \"a\" 1}}")]
    [InlineData("{{title \"hello wORLD it's a_b\"}}")]
    [InlineData("{{printf \"%d\" \"abc\"}} {{printf \"%s\"}} {{printf \"a\" 1}} {{printf \"%\"}} {{printf \"%z\" 1}}")]
    [InlineData("{{printf \"%6.2f|%e|%g|%v|%.0f\" 3.14159 314.159 0.00001 1e21 2.5}}")]
    [InlineData("{{printf \"%x %#x %X %o %b %c %U %q\" 255 255 255 8 5 65 65 65}}")]
    [InlineData("{{printf \"%08.3f|%-5d|%5s|%-5s|%.2s|%+d|% d|%05d|%*d\" 3.14159 3 \"a\" \"b\" \"abc\" 4 5 -6 4 7}}")]
    [InlineData("{{printf \"%q %s %v %t\" (split \"a,b\" \",\") (split \"a,b\" \",\") (split \"a,b\" \",\") true}}")]
    [InlineData("{{printf \"%t\" 1}} {{printf \"%x\" \"hi\"}} {{printf \"%5t|%-7q|\" true \"a\"}}")]
    [InlineData("{{print 1 2 \"x\" 3 4}}|{{println 1 \"x\"}}|")]
    [InlineData("{{1_000}} {{1e3}} {{0x1f}} {{1.5}} {{'a'}} {{-3}} {{0b11}} {{0o17}}")]
    [InlineData("{{truncate \"abc\" 10}} {{truncate \"abc\" 2}} {{pad \"a\" 1 2}}| {{pad \"\" 1 2}}|")]
    [InlineData("{{range 3}}{{.}}{{end}} {{range $i, $e := split \"a,b\" \",\"}}{{$i}}{{$e}}{{else}}none{{end}}")]
    [InlineData("{{range split \"a,b,c\" \",\"}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}")]
    [InlineData("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}{{if true}}{{$x = 3}}{{end}}{{$x}}")]
    [InlineData("{{- \"a\" -}}  b {{- /* c */ -}}  d")]
    [InlineData("{{.Name | printf \"%s-%s\" \"x\"}} {{.Name | upper | lower}} {{true | not}} {{title \"x\" | }}")]
    [InlineData("{{index \"abc\" 1}} {{index .Endpoints \"docker\" | json}} {{len .Endpoints}} {{len .Name}}")]
    [InlineData("{{and 1 0}} {{or 0 \"a\"}} {{not 0}} {{eq 1 2 1}} {{le 1 1}} {{gt \"b\" \"a\"}} {{eq nil nil}} {{ne 1.5 1.5}}")]
    [InlineData("{{with .Name}}{{.}}{{else}}x{{end}}{{if and .Name (eq .Name \"x\")}}a{{else if .Name}}b{{end}}")]
    [InlineData("{{json \"<&>\\\"\\n\"}} {{json true}} {{json (split \"a\" \",\")}} {{json 1.5}}")]
    [InlineData("{{\"\\u00e9\\x41\\t\\\"\"}} {{`a\\n`}}")]
    public void Templates_mean_the_same(string template)
    {
        Assert.SkipUnless(DockerClient.IsHere, "no docker client on this machine");
        var (exitCode, text, error) = DockerClient.Run("context", "inspect", "--format", template);
        if (exitCode == 0)
        {
            Execute(template).ShouldBe(text[..^1]);
        }
        else
        {
            Should.Throw<SampanException>(() => Execute(template)).Message.ShouldBe(error.Trim());
        }
    }

    private static string Execute(string template)
    {
        using var document = JsonDocument.Parse(Document);
        return new Template(template).Execute(document.RootElement);
    }
}

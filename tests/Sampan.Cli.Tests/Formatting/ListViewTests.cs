using Sampan.Cli.Formatting;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Formatting;

public sealed class ListViewTests : IDisposable
{
    private readonly CapturedOutput _captured = new();
    private readonly ListView<(string Id, string Labels)> _view = new(
        [new("ID", "CONTAINER ID", static row => row.Id), new("Labels", "LABELS", static row => row.Labels)], ["ID"])
    {
        Labels = static row => row.Labels.Length == 0 ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2,3" },
        TypeName = "*formatter.ContainerContext",
    };

    public void Dispose() => _captured.Dispose();

    [Theory]
    [InlineData("", "CONTAINER ID\none\ntwo\n")]
    [InlineData("table", "CONTAINER ID\none\ntwo\n")]
    [InlineData("table {{.ID}}\t{{.Labels}}", "CONTAINER ID   LABELS\none            a=1,b=2\ntwo            \n")]
    [InlineData("table {{.ID}}\\t{{.Labels}}", "CONTAINER ID   LABELS\none            a=1,b=2\ntwo            \n")]
    [InlineData("{{.ID}}: {{.Labels}}", "one: a=1,b=2\ntwo: \n")]
    [InlineData("{{.Label \"b\"}}", "2,3\n\n")]
    [InlineData("table {{.Label \"com.example.my-app_name\"}}", "my app name\n\n\n")]
    [InlineData("table {{lower .ID}}", "CONTAINER ID\none\ntwo\n")]
    [InlineData("table{{.ID}}", "CONTAINER ID\none\ntwo\n")]
    [InlineData("json", "{\"ID\":\"one\",\"Labels\":\"a=1,b=2\"}\n{\"ID\":\"two\",\"Labels\":\"\"}\n")]
    [InlineData("{{json .ID}}", "\"one\"\n\"two\"\n")]
    [InlineData("{{upper .ID}}", "ONE\nTWO\n")]
    public void Formats(string format, string expected) =>
        _captured.Capture(output => _view.Write(output, [("one", "a=1,b=2"), ("two", "")], format)).ShouldBe(expected);

    [Fact]
    public void A_field_that_is_not_there_is_named() =>
        Should.Throw<SampanException>(() => _captured.Capture(output => _view.Write(output, [("one", "")], "{{.Foo}}"))).Message
            .ShouldBe("template parsing error: template: :1:2: executing \"\" at <.Foo>: can't evaluate field Foo in type *formatter.ContainerContext");
}

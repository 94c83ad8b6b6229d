using Sampan.Cli.Formatting;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Formatting;

public sealed class ListViewTests : IDisposable
{
    private readonly CapturedOutput _captured = new();
    private readonly ListView<(string Id, string Labels)> _view = new(
        [new("ID", "CONTAINER ID", static row => row.Id), new("Labels", "LABELS", static row => row.Labels)], ["ID"]);

    public void Dispose() => _captured.Dispose();

    [Theory]
    [InlineData("", "CONTAINER ID\none\ntwo\n")]
    [InlineData("table", "CONTAINER ID\none\ntwo\n")]
    [InlineData("table {{.ID}}\t{{.Labels}}", "CONTAINER ID   LABELS\none            a=1,b=2\ntwo            \n")]
    [InlineData("table {{.ID}}\\t{{.Labels}}", "CONTAINER ID   LABELS\none            a=1,b=2\ntwo            \n")]
    [InlineData("{{.ID}}: {{.Labels}}", "one: a=1,b=2\ntwo: \n")]
    [InlineData("{{.Label \"b\"}}", "2\n\n")]
    [InlineData("json", "{\"ID\":\"one\",\"Labels\":\"a=1,b=2\"}\n{\"ID\":\"two\",\"Labels\":\"\"}\n")]
    [InlineData("{{json .ID}}", "\"one\"\n\"two\"\n")]
    [InlineData("{{upper .ID}}", "ONE\nTWO\n")]
    public void Formats(string format, string expected) =>
        _captured.Capture(output => _view.Write(output, [("one", "a=1,b=2"), ("two", "")], format)).ShouldBe(expected);

    [Fact]
    public void A_field_that_is_not_there_is_named() =>
        Should.Throw<SampanException>(() => _captured.Capture(output => _view.Write(output, [("one", "")], "{{.Foo}}"))).Message.ShouldContain("Foo");
}

using System.Text;
using System.Text.Json;
using Sampan.Linux;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>A format such as <c>{{.State.Status}}</c>: what docker takes of Go's text/template, run over a document or over the rows of a list.</summary>
/// <param name="source">The template.</param>
/// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a template.</exception>
internal sealed class Template(string source)
{
    private readonly IReadOnlyList<TemplateNode> _nodes = new TemplateParser(source).Parse();

    /// <summary>Runs the template over a document.</summary>
    /// <param name="document">The dot.</param>
    /// <returns>The text.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a field is not there, or a function was called wrongly.</exception>
    public string Execute(JsonElement document) => Execute(TemplateValue.From(document));

    /// <summary>Runs the template over a value.</summary>
    /// <param name="dot">The dot.</param>
    /// <returns>The text.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a field is not there, or a function was called wrongly.</exception>
    public string Execute(object? dot) => Execute(dot, headings: false);

    /// <summary>Runs the template over the headings of a table: functions that change a text leave a heading as it is.</summary>
    /// <param name="row">The headings by field.</param>
    /// <returns>The text.</returns>
    public string ExecuteHeadings(TemplateMap row) => Execute(row, headings: true);

    private string Execute(object? dot, bool headings)
    {
        var output = new StringBuilder();
        new TemplateEvaluator(source, output, dot, headings).Run(_nodes);
        return output.ToString();
    }
}

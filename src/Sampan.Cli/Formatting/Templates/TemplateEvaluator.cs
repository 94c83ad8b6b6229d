using System.Text;
using Sampan.Linux;
using static Sampan.Cli.Formatting.Templates.TemplateNode;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>One run of a template.</summary>
/// <param name="source">The template, for errors.</param>
/// <param name="output">Where the text goes.</param>
/// <param name="root">The dot of the whole template.</param>
/// <param name="headings">The dot holds headings of a table.</param>
internal sealed partial class TemplateEvaluator(string source, StringBuilder output, object? root, bool headings)
{
    // Innermost last: a variable lives until the end of the block it was declared in.
    private readonly List<(string Name, object? Value)> _variables = [("$", root)];

    private enum Flow
    {
        On,
        Break,
        Continue,
    }

    /// <summary>Runs it.</summary>
    /// <param name="nodes">The template's parts.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a field is not there, or a function was called wrongly.</exception>
    public void Run(IReadOnlyList<TemplateNode> nodes) => Run(nodes, root);

    private Flow Run(IReadOnlyList<TemplateNode> nodes, object? dot)
    {
        foreach (var node in nodes)
        {
            var flow = Flow.On;
            switch (node)
            {
                case Text text:
                    output.Append(text.Content);
                    break;
                case Show show:
                    var value = Evaluate(show.Value, dot);
                    output.Append(show.Value.Variables.Count == 0 ? TemplateValue.Print(value) : "");
                    break;
                case Branch branch:
                    flow = Choose(branch, dot);
                    break;
                case Loop loop:
                    flow = Repeat(loop, dot);
                    break;
                case Jump jump:
                    return jump.IsBreak ? Flow.Break : Flow.Continue;
            }

            if (flow != Flow.On)
            {
                return flow;
            }
        }

        return Flow.On;
    }

    private Flow Choose(Branch branch, object? dot)
    {
        var known = _variables.Count;
        var condition = Evaluate(branch.Condition, dot);
        var holds = TemplateValue.IsTrue(condition);
        var flow = Run(holds ? branch.Then : branch.Else, holds && branch.Rebind ? condition : dot);
        Forget(known);
        return flow;
    }

    private Flow Repeat(Loop loop, object? dot)
    {
        var known = _variables.Count;
        var over = Evaluate(loop.Over, dot);
        var flow = over is null || (!TemplateValue.IsTrue(over) && over is TemplateList or TemplateMap or long) || ReferenceEquals(over, TemplateValue.Absent)
            ? Run(loop.Else, dot)
            : RepeatOver(loop, over);
        Forget(known);
        return flow;
    }

    private Flow RepeatOver(Loop loop, object over)
    {
        switch (over)
        {
            case TemplateList list:
                for (var i = 0; i < list.Items.Count && Once(loop, (long)i, list.Items[i]); i++)
                {
                    // Once says whether to go on.
                }

                break;
            case TemplateMap map:
                foreach (var key in map.Keys)
                {
                    map.TryGet(key, out var value);
                    if (!Once(loop, key, value))
                    {
                        break;
                    }
                }

                break;
            case long count:
                for (var i = 0L; i < count && Once(loop, i, i); i++)
                {
                    // Once says whether to go on.
                }

                break;
            default:
                throw Error(loop.Over.Place, $"range can't iterate over {TemplateValue.Print(over)}");
        }

        return Flow.On;
    }

    private bool Once(Loop loop, object? key, object? value)
    {
        var known = _variables.Count;
        var names = loop.Over.Variables;
        if (names.Count > 0)
        {
            Give(names[^1], value, loop.Over.Assigns);
        }

        if (names.Count > 1)
        {
            Give(names[0], key, loop.Over.Assigns);
        }

        var flow = Run(loop.Body, value);
        Forget(known);
        return flow != Flow.Break;
    }

    private object? Evaluate(Pipeline pipeline, object? dot)
    {
        object? value = null;
        for (var i = 0; i < pipeline.Commands.Count; i++)
        {
            value = Evaluate(pipeline.Commands[i], dot, i > 0, value);
        }

        if (pipeline.Variables.Count == 1)
        {
            Give(pipeline.Variables[0], value, pipeline.Assigns);
        }

        return value;
    }

    private void Give(string name, object? value, bool assign)
    {
        if (!assign)
        {
            _variables.Add((name, value));
            return;
        }

        _variables[_variables.FindLastIndex(variable => variable.Name == name)] = (name, value);
    }

    private void Forget(int known) => _variables.RemoveRange(known, _variables.Count - known);

    private SampanException Error(Source place, string reason) => TemplateError.WhenRunning(source, place.Position, place.Text, reason);
}

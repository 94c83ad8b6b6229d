using System.Text;
using System.Text.Json;
using Sampan.Linux;
using static Sampan.Cli.Formatting.Templates.TemplateNode;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>A format such as <c>{{.State.Status}}</c>, run over a JSON document. Fields are looked up by name in the document: no reflection.</summary>
/// <param name="source">The template.</param>
/// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a template.</exception>
internal sealed class Template(string source)
{
    private readonly IReadOnlyList<TemplateNode> _nodes = new TemplateParser(source).Parse();

    /// <summary>Runs the template.</summary>
    /// <param name="document">The dot.</param>
    /// <returns>The text.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a field is not there, or a function was called wrongly.</exception>
    public string Execute(JsonElement document)
    {
        var output = new StringBuilder();
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal) { ["$"] = TemplateValue.From(document) };
        Run(_nodes, TemplateValue.From(document), variables, output);
        return output.ToString();
    }

    private static void Run(IReadOnlyList<TemplateNode> nodes, object? dot, Dictionary<string, object?> variables, StringBuilder output)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case Text text:
                    output.Append(text.Content);
                    break;
                case Show show:
                    var value = Evaluate(show.Value, dot, variables);
                    output.Append(show.Value.Variables.Count == 0 ? TemplateValue.Print(value) : "");
                    break;
                case Branch branch:
                    var condition = Evaluate(branch.Condition, dot, variables);
                    Run(TemplateValue.IsTrue(condition) ? branch.Then : branch.Else, branch.Rebind && TemplateValue.IsTrue(condition) ? condition : dot, variables, output);
                    break;
                case Loop loop:
                    Repeat(loop, dot, variables, output);
                    break;
            }
        }
    }

    private static void Repeat(Loop loop, object? dot, Dictionary<string, object?> variables, StringBuilder output)
    {
        var over = Evaluate(loop.Over, dot, variables);
        if (!TemplateValue.IsTrue(over))
        {
            Run(loop.Else, dot, variables, output);
            return;
        }

        if (over is not JsonElement collection)
        {
            throw Error(loop.Over.Source, $"range can't iterate over {TemplateValue.Print(over)}");
        }

        if (collection.ValueKind == JsonValueKind.Array)
        {
            var index = 0L;
            foreach (var item in collection.EnumerateArray())
            {
                Once(loop, index++, TemplateValue.From(item), variables, output);
            }

            return;
        }

        var members = new List<JsonProperty>(collection.EnumerateObject());
        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (var member in members)
        {
            Once(loop, member.Name, TemplateValue.From(member.Value), variables, output);
        }
    }

    private static void Once(Loop loop, object key, object? value, Dictionary<string, object?> variables, StringBuilder output)
    {
        var names = loop.Over.Variables;
        if (names.Count > 0)
        {
            variables[names[^1]] = value;
        }

        if (names.Count > 1)
        {
            variables[names[0]] = key;
        }

        Run(loop.Body, value, variables, output);
    }

    private static object? Evaluate(Pipeline pipeline, object? dot, Dictionary<string, object?> variables)
    {
        object? value = null;
        for (var i = 0; i < pipeline.Commands.Count; i++)
        {
            value = Evaluate(pipeline, pipeline.Commands[i], dot, variables, i > 0, value);
        }

        if (pipeline.Variables.Count == 1)
        {
            variables[pipeline.Variables[0]] = value;
        }

        return value;
    }

    private static object? Evaluate(Pipeline pipeline, Command command, object? dot, Dictionary<string, object?> variables, bool hasPiped, object? piped)
    {
        var first = command.Operands[0];
        var isMethod = first.Kind == OperandKind.Dot && first.Fields is ["Label"] && command.Operands.Count == 2;
        if (first.Kind != OperandKind.Function && !isMethod)
        {
            return command.Operands.Count == 1 && !hasPiped
                ? Evaluate(pipeline, first, dot, variables)
                : throw Error(pipeline.Source, "can't give argument to non-function");
        }

        var arguments = new List<object?>();
        for (var i = 1; i < command.Operands.Count; i++)
        {
            arguments.Add(Evaluate(pipeline, command.Operands[i], dot, variables));
        }

        if (hasPiped)
        {
            arguments.Add(piped);
        }

        try
        {
            return isMethod ? FindLabel(dot, arguments) : TemplateFunctions.Call(first.Name, arguments);
        }
        catch (TemplateCallException error)
        {
            throw Error(pipeline.Source, $"error calling {first.Name}: {error.Message}");
        }
    }

    private static object? Evaluate(Pipeline pipeline, Operand operand, object? dot, Dictionary<string, object?> variables)
    {
        var value = operand.Kind switch
        {
            OperandKind.Dot => dot,
            OperandKind.Literal => operand.Value,
            OperandKind.Group => Evaluate(operand.Inner!, dot, variables),
            OperandKind.Variable => variables.TryGetValue(operand.Name, out var known) ? known : throw Error(pipeline.Source, $"undefined variable \"{operand.Name}\""),
            _ => throw Error(pipeline.Source, $"function {operand.Name} as an argument needs parentheses"),
        };
        foreach (var field in operand.Fields)
        {
            if (value is null)
            {
                return null;
            }

            if (value is not JsonElement { ValueKind: JsonValueKind.Object } map)
            {
                throw Error(pipeline.Source, $"can't evaluate field {field} in {TemplateValue.Print(value)}");
            }

            value = map.TryGetProperty(field, out var member) ? TemplateValue.From(member) : throw Error(pipeline.Source, $"map has no entry for key \"{field}\"");
        }

        return value;
    }

    // {{.Label "name"}} of list formats: their rows hold all labels in one text, name=value separated by commas.
    private static string FindLabel(object? dot, List<object?> arguments)
    {
        if (dot is JsonElement { ValueKind: JsonValueKind.Object } row && row.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.String)
        {
            foreach (var label in labels.GetString()!.Split(','))
            {
                var equals = label.IndexOf('=', StringComparison.Ordinal);
                if (equals >= 0 && label.AsSpan(0, equals).SequenceEqual(arguments[0] as string))
                {
                    return label[(equals + 1)..];
                }
            }
        }

        return "";
    }

    private static SampanException Error(string source, string reason) =>
        SampanException.InvalidArgument($"template: :1:2: executing \"\" at <{source}>: {reason}");
}

using System.Globalization;
using System.Text;
using Sampan.Linux;
using static Sampan.Cli.Formatting.Templates.TemplateNode;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>
/// Reads the part of Go's template language that formats use: fields, variables, literals, pipelines, functions, if, with and range.
/// What it does not know it refuses by name.
/// </summary>
/// <param name="source">The template.</param>
internal sealed class TemplateParser(string source)
{
    private readonly List<(bool IsAction, string Content)> _parts = TemplateScanner.Split(source);
    private int _next;

    /// <summary>Reads the template.</summary>
    /// <returns>Its parts.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a template, or one that uses what is not supported.</exception>
    public IReadOnlyList<TemplateNode> Parse()
    {
        var nodes = ParseBlock(out var terminator);
        return terminator is null ? nodes : throw TemplateScanner.Error($"unexpected {{{{{terminator}}}}}");
    }

    private List<TemplateNode> ParseBlock(out string? terminator)
    {
        var nodes = new List<TemplateNode>();
        while (_next < _parts.Count)
        {
            var (isAction, content) = _parts[_next++];
            if (!isAction)
            {
                nodes.Add(new Text(content));
                continue;
            }

            var space = content.AsSpan().IndexOfAny(" \t\n");
            var keyword = space < 0 ? content : content[..space];
            var rest = space < 0 ? "" : content[(space + 1)..].Trim();
            switch (keyword)
            {
                case "end" or "else":
                    terminator = content;
                    return nodes;
                case "if" or "with":
                    nodes.Add(ParseBranch(rest, keyword == "with"));
                    break;
                case "range":
                    var body = ParseBody(keyword, out var otherwise);
                    nodes.Add(new Loop(ParsePipeline(rest), body, otherwise));
                    break;
                case "define" or "template" or "block" or "break" or "continue":
                    throw TemplateScanner.Error($"{{{{{keyword}}}}} is not supported");
                default:
                    nodes.Add(new Show(ParsePipeline(content)));
                    break;
            }
        }

        terminator = null;
        return nodes;
    }

    private Branch ParseBranch(string condition, bool rebind)
    {
        var pipeline = ParsePipeline(condition);
        var then = ParseBody(rebind ? "with" : "if", out var otherwise);
        return new(pipeline, then, otherwise, rebind);
    }

    private List<TemplateNode> ParseBody(string keyword, out IReadOnlyList<TemplateNode> otherwise)
    {
        var body = ParseBlock(out var terminator);
        otherwise = [];
        if (terminator == "else")
        {
            otherwise = ParseBlock(out terminator);
        }
        else if (terminator is not null && terminator.StartsWith("else if ", StringComparison.Ordinal))
        {
            // "else if" is an if of its own that shares the closing end.
            otherwise = [ParseBranch(terminator["else if ".Length..].Trim(), rebind: false)];
            return body;
        }

        return terminator == "end" ? body : throw TemplateScanner.Error($"unexpected end of template in {{{{{keyword}}}}}");
    }

    private static Pipeline ParsePipeline(string text)
    {
        if (text.Length == 0)
        {
            throw TemplateScanner.Error("missing value for command");
        }

        var words = TemplateScanner.Words(text);
        var at = 0;
        var pipeline = ParsePipeline(words, ref at, text);
        return at == words.Count ? pipeline : throw TemplateScanner.Error($"unexpected \"{words[at]}\" in command");
    }

    private static Pipeline ParsePipeline(List<string> words, ref int at, string text)
    {
        var variables = ParseVariables(words, ref at);
        var commands = new List<Command>();
        var operands = new List<Operand>();
        for (; at < words.Count && words[at] != ")"; at++)
        {
            if (words[at] == "|")
            {
                AddCommand(commands, operands);
                operands = [];
            }
            else if (words[at] != " ")
            {
                operands.Add(ParseOperand(words, ref at, text));
            }
        }

        AddCommand(commands, operands);
        return new(variables, commands, text);
    }

    private static void AddCommand(List<Command> commands, List<Operand> operands) =>
        commands.Add(operands.Count > 0 ? new Command(operands) : throw TemplateScanner.Error("missing value for command"));

    private static List<string> ParseVariables(List<string> words, ref int at)
    {
        var assignment = words.FindIndex(static word => word is ":=" or "=");
        var variables = new List<string>();
        if (assignment < 0)
        {
            return variables;
        }

        for (var i = 0; i < assignment; i++)
        {
            if (words[i][0] == '$')
            {
                variables.Add(words[i]);
            }
        }

        at = assignment + 1;
        return variables;
    }

    private static Operand ParseOperand(List<string> words, ref int at, string text)
    {
        var word = words[at];
        var operand = word[0] switch
        {
            '(' => ParseGroup(words, ref at, text),
            '"' => new Operand(OperandKind.Literal, word, Unquote(word), null, []),
            '`' => new Operand(OperandKind.Literal, word, word[1..^1], null, []),
            '$' => new Operand(OperandKind.Variable, word, null, null, []),
            '.' => new Operand(OperandKind.Dot, word, null, null, word.Length > 1 ? [word[1..]] : []),
            >= '0' and <= '9' or '-' or '+' => new Operand(OperandKind.Literal, word, ParseNumber(word), null, []),
            '\'' or ')' or ',' or '=' or ':' => throw TemplateScanner.Error($"unexpected {word} in operand"),
            _ => ParseWord(word),
        };
        var fields = new List<string>(operand.Fields);
        while (at + 1 < words.Count && words[at + 1].Length > 1 && words[at + 1][0] == '.')
        {
            fields.Add(words[++at][1..]);
        }

        return operand with { Fields = fields };
    }

    private static Operand ParseGroup(List<string> words, ref int at, string text)
    {
        at++;
        var inner = ParsePipeline(words, ref at, text);
        return at < words.Count ? new(OperandKind.Group, "", null, inner, []) : throw TemplateScanner.Error("unclosed left paren");
    }

    private static Operand ParseWord(string word) => word switch
    {
        "true" => new(OperandKind.Literal, word, true, null, []),
        "false" => new(OperandKind.Literal, word, false, null, []),
        "nil" => new(OperandKind.Literal, word, null, null, []),
        _ when TemplateFunctions.Exists(word) => new(OperandKind.Function, word, null, null, []),
        _ => throw TemplateScanner.Error($"function \"{word}\" not defined"),
    };

    private static object ParseNumber(string word)
    {
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw TemplateScanner.Error($"bad number syntax: \"{word}\"");
    }

    private static string Unquote(string word)
    {
        var text = new StringBuilder(word.Length);
        for (var i = 1; i < word.Length - 1; i++)
        {
            if (word[i] != '\\')
            {
                text.Append(word[i]);
                continue;
            }

            text.Append(word[++i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                var other => other,
            });
        }

        return text.ToString();
    }
}

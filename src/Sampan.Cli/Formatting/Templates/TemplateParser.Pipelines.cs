using System.Globalization;
using System.Text;
using static Sampan.Cli.Formatting.Templates.TemplateNode;

namespace Sampan.Cli.Formatting.Templates;

internal sealed partial class TemplateParser
{
    private Pipeline ParsePipeline(string context, TemplateTokenKind end)
    {
        var position = PeekWord().Position;
        var variables = ParseVariables(context, out var assigns);
        var commands = new List<Command>();
        while (true)
        {
            var token = PeekWord();
            if (token.Kind == end)
            {
                _at++;
                CheckPipeline(commands, context, token);
                return new(variables, assigns, commands, new(position, source[position..token.Position].TrimEnd(' ', '-')));
            }

            if (token.Kind is TemplateTokenKind.Pipe or TemplateTokenKind.Character or TemplateTokenKind.Assign or TemplateTokenKind.Declare or TemplateTokenKind.Keyword)
            {
                throw Unexpected(token, context);
            }

            commands.Add(ParseCommand());
            if (PeekWord().Kind == TemplateTokenKind.Pipe)
            {
                _at++;
            }
        }
    }

    private void CheckPipeline(List<Command> commands, string context, TemplateToken end)
    {
        if (commands.Count == 0)
        {
            throw Error(end, $"missing value for {context}");
        }

        for (var i = 1; i < commands.Count; i++)
        {
            if (commands[i].Operands[0] is { Kind: OperandKind.Literal or OperandKind.Dot, Fields.Count: 0 })
            {
                throw Error(end, string.Create(CultureInfo.InvariantCulture, $"non executable command in pipeline stage {i + 1}"));
            }
        }
    }

    private List<string> ParseVariables(string context, out bool assigns)
    {
        assigns = false;
        var names = new List<string>();
        var start = _at;
        while (PeekWord() is { Kind: TemplateTokenKind.Variable } variable)
        {
            _at++;
            var next = PeekWord();
            if (next.Kind is TemplateTokenKind.Declare or TemplateTokenKind.Assign)
            {
                _at++;
                names.Add(variable.Text);
                assigns = next.Kind == TemplateTokenKind.Assign;
                Declare(names, assigns, variable);
                return names;
            }

            var isComma = next is { Kind: TemplateTokenKind.Character, Text: "," };
            if (!isComma || context != "range" || names.Count > 0)
            {
                if (isComma)
                {
                    throw Error(next, $"too many declarations in {context}");
                }

                break;
            }

            _at++;
            names.Add(variable.Text);
        }

        // It was an operand and no declaration.
        _at = start;
        return [];
    }

    private void Declare(List<string> names, bool assigns, TemplateToken token)
    {
        foreach (var name in names)
        {
            if (!assigns)
            {
                _variables.Add(name);
            }
            else if (!_variables.Contains(name))
            {
                throw Error(token, $"undefined variable \"{name}\"");
            }
        }
    }

    private Command ParseCommand()
    {
        var position = PeekWord().Position;
        var operands = new List<Operand>();
        while (true)
        {
            var token = PeekWord();
            if (token.Kind is TemplateTokenKind.Close or TemplateTokenKind.RightParen or TemplateTokenKind.Pipe)
            {
                break;
            }

            operands.Add(ParseOperand());
            if (Peek().Kind is not (TemplateTokenKind.Space or TemplateTokenKind.Close or TemplateTokenKind.RightParen or TemplateTokenKind.Pipe))
            {
                throw Unexpected(Peek(), "operand");
            }
        }

        return operands.Count > 0 ? new(operands, PlaceFrom(position)) : throw Error(Peek(), "missing value for command");
    }

    private Operand ParseOperand()
    {
        var token = Next();
        var operand = token.Kind switch
        {
            TemplateTokenKind.Identifier => ParseWord(token),
            TemplateTokenKind.Dot => new(OperandKind.Dot, null, null, [], default),
            TemplateTokenKind.Field => new(OperandKind.Dot, null, null, [token.Text[1..]], default),
            TemplateTokenKind.Variable => _variables.Contains(token.Text)
                ? new(OperandKind.Variable, token.Text, null, [], default)
                : throw Error(token, $"undefined variable \"{token.Text}\""),
            TemplateTokenKind.String => new(OperandKind.Literal, ParseString(token), null, [], default),
            TemplateTokenKind.Number => new(OperandKind.Literal, ParseNumber(token), null, [], default),
            TemplateTokenKind.LeftParen => new(OperandKind.Group, null, ParsePipeline("parenthesized pipeline", TemplateTokenKind.RightParen), [], default),
            _ => throw Unexpected(token, "operand"),
        };

        // Go counts the place of a chain of fields from its second part.
        var place = token.Position;
        if (Peek().Kind == TemplateTokenKind.Field)
        {
            if (operand.Kind is OperandKind.Literal or OperandKind.Function)
            {
                throw Error(Peek(), $"unexpected . after term {Quotation.Of(token.Text)}");
            }

            place = Peek().Position;
            var fields = new List<string>(operand.Fields);
            while (Peek().Kind == TemplateTokenKind.Field)
            {
                fields.Add(Next().Text[1..]);
            }

            operand = operand with { Fields = fields };
        }

        return operand with { Place = new(place, PlaceFrom(token.Position).Text) };
    }

    private Operand ParseWord(TemplateToken token) => token.Text switch
    {
        "true" => new(OperandKind.Literal, true, null, [], default),
        "false" => new(OperandKind.Literal, false, null, [], default),
        "nil" => new(OperandKind.Literal, null, null, [], default),
        _ when TemplateFunctions.Exists(token.Text) => new(OperandKind.Function, token.Text, null, [], default),
        _ => throw Error(token, $"function \"{token.Text}\" not defined"),
    };

    private string ParseString(TemplateToken token)
    {
        try
        {
            return Quotation.Read(token.Text);
        }
        catch (FormatException error)
        {
            throw Error(token, error.Message);
        }
    }

    private object ParseNumber(TemplateToken token)
    {
        var text = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (text[0] == '\'')
        {
            var runes = new List<Rune>(ParseString(token).EnumerateRunes());
            return runes.Count == 1 ? (object)(long)runes[0].Value : throw Error(token, $"malformed character constant: {token.Text}");
        }

        var digits = text.TrimStart('+', '-');
        if (digits.Length > 2 && digits[0] == '0' && char.IsAsciiLetter(digits[1]) && text.Length - digits.Length < 2 && TryParseBased(digits, out var based))
        {
            return text[0] == '-' ? -based : based;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? real
            : throw Error(token, $"bad number syntax: {Quotation.Of(token.Text)}");
    }

    private static bool TryParseBased(string digits, out long number)
    {
        number = 0;
        var radix = digits[1] switch
        {
            'x' or 'X' => 16,
            'o' or 'O' => 8,
            'b' or 'B' => 2,
            _ => 0,
        };
        foreach (var digit in digits.AsSpan(2))
        {
            if (!char.IsAsciiHexDigit(digit) || Convert.ToInt32(digit.ToString(), 16) >= radix)
            {
                return false;
            }

            number = (number * radix) + Convert.ToInt32(digit.ToString(), 16);
        }

        return true;
    }
}

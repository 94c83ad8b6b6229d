using Sampan.Linux;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Cuts a template into text and actions, and an action into words (Go's text/template, "Actions").</summary>
internal static class TemplateScanner
{
    /// <summary>Cuts a template at its "{{" and "}}"; honours the trim markers and drops comments.</summary>
    /// <param name="source">The template.</param>
    /// <returns>Text and actions in order.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an action is not closed.</exception>
    public static List<(bool IsAction, string Content)> Split(string source)
    {
        var parts = new List<(bool, string)>();
        var trimNext = false;
        for (var at = 0; at < source.Length;)
        {
            var open = source.IndexOf("{{", at, StringComparison.Ordinal);
            var text = open < 0 ? source[at..] : source[at..open];
            var trimEnd = open >= 0 && open + 3 < source.Length && source[open + 2] == '-' && char.IsWhiteSpace(source[open + 3]);
            text = trimNext ? text.TrimStart() : text;
            text = trimEnd ? text.TrimEnd() : text;
            if (text.Length > 0)
            {
                parts.Add((false, text));
            }

            if (open < 0)
            {
                break;
            }

            var start = open + (trimEnd ? 3 : 2);
            var close = FindClose(source, start);
            trimNext = source[close - 1] == '-' && close - 2 >= start && char.IsWhiteSpace(source[close - 2]);
            var content = source[start..(trimNext ? close - 1 : close)].Trim();
            if (!content.StartsWith("/*", StringComparison.Ordinal))
            {
                parts.Add((true, content));
            }

            at = close + 2;
        }

        return parts;
    }

    /// <summary>Cuts an action into words: identifiers, fields, literals and punctuation.</summary>
    /// <param name="action">What stands between the braces.</param>
    /// <returns>The words.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a string is not closed, or a character has no meaning.</exception>
    public static List<string> Words(string action)
    {
        var words = new List<string>();
        for (var at = 0; at < action.Length;)
        {
            var character = action[at];
            var start = at;
            if (char.IsWhiteSpace(character))
            {
                // Kept as a word: ".A .B" are two operands, ".A.B" is one.
                while (at < action.Length && char.IsWhiteSpace(action[at]))
                {
                    at++;
                }

                words.Add(" ");
                continue;
            }

            if (character is '"' or '`' or '\'')
            {
                at = FindQuote(action, at) + 1;
            }
            else if (character is '|' or '(' or ')' or ',' or '=')
            {
                at++;
            }
            else if (character == ':' && at + 1 < action.Length && action[at + 1] == '=')
            {
                at += 2;
            }
            else if (character is '.' or '$' or '-' or '+' || char.IsLetterOrDigit(character) || character == '_')
            {
                at++;
                while (at < action.Length && (char.IsLetterOrDigit(action[at]) || action[at] == '_' || (char.IsDigit(character) && action[at] == '.')))
                {
                    at++;
                }
            }
            else
            {
                throw Error($"unexpected \"{character}\" in operand");
            }

            words.Add(action[start..at]);
        }

        return words;
    }

    /// <summary>A template that cannot be understood.</summary>
    /// <param name="reason">Why, in Go's words.</param>
    /// <returns>The exception to throw.</returns>
    public static SampanException Error(string reason) => SampanException.InvalidArgument($"template parsing error: template: :1: {reason}");

    private static int FindClose(string source, int start)
    {
        for (var at = start; at < source.Length - 1; at++)
        {
            if (source[at] is '"' or '`')
            {
                at = FindQuote(source, at);
            }
            else if (source[at] == '}' && source[at + 1] == '}')
            {
                return at;
            }
        }

        throw Error("unclosed action");
    }

    private static int FindQuote(string text, int open)
    {
        for (var at = open + 1; at < text.Length; at++)
        {
            if (text[at] == '\\' && text[open] != '`')
            {
                at++;
            }
            else if (text[at] == text[open])
            {
                return at;
            }
        }

        throw Error(text[open] == '`' ? "unterminated raw quoted string" : "unterminated quoted string");
    }
}

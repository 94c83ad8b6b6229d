using System.Text;

namespace Sampan.Registries.Tokens;

/// <summary>
/// Reads the header WWW-Authenticate: several challenges in one field or in many, a token68 or parameters behind a scheme, quoted strings
/// with commas in them (RFC 9110, section 11.2 and 11.6.1). What is not of that form ends a field; what came before it counts.
/// </summary>
internal static class ChallengeParser
{
    public static IReadOnlyList<Challenge> Parse(IEnumerable<string> fields)
    {
        List<Challenge> challenges = [];
        foreach (var field in fields)
        {
            ParseField(field, challenges);
        }

        return challenges;
    }

    private static void ParseField(string field, List<Challenge> challenges)
    {
        var index = 0;
        Dictionary<string, string>? parameters = null;
        while (true)
        {
            SkipSeparators(field, ref index);
            var word = TakeToken(field, ref index);
            if (word.Length == 0)
            {
                return;
            }

            var afterWord = index;
            SkipBlanks(field, ref index);
            if (parameters is not null && index < field.Length && field[index] == '=')
            {
                index++;
                SkipBlanks(field, ref index);
                if (!TryTakeValue(field, ref index, out var value))
                {
                    return;
                }

                // Of two with one name the first counts: it is what other readers see.
                parameters.TryAdd(word.ToLowerInvariant(), value);
                continue;
            }

            // A scheme ends at a blank, a comma or the end.
            if (afterWord < field.Length && field[afterWord] is not (' ' or '\t' or ','))
            {
                return;
            }

            parameters = new(StringComparer.Ordinal);
            challenges.Add(new(word.ToLowerInvariant(), parameters));
            SkipToken68(field, ref index);
        }
    }

    // Behind a scheme there may be one blob instead of parameters: letters, digits, -._~+/ and then equals signs up to a comma or the end.
    private static void SkipToken68(string field, ref int index)
    {
        var end = index;
        while (end < field.Length && (char.IsAsciiLetterOrDigit(field[end]) || "-._~+/".Contains(field[end], StringComparison.Ordinal)))
        {
            end++;
        }

        var letters = end;
        while (end < field.Length && field[end] == '=')
        {
            end++;
        }

        var rest = end;
        SkipBlanks(field, ref rest);
        var isBlob = letters > index && (rest == field.Length || field[rest] == ',') && (end > letters || field.AsSpan(index, letters - index).ContainsAny('/', '+'));
        index = isBlob ? rest : index;
    }

    private static bool TryTakeValue(string field, ref int index, out string value)
    {
        if (index >= field.Length || field[index] != '"')
        {
            value = TakeToken(field, ref index);
            return value.Length > 0;
        }

        var text = new StringBuilder();
        for (index++; index < field.Length; index++)
        {
            var character = field[index];
            if (character == '"')
            {
                index++;
                value = text.ToString();
                return true;
            }

            if (character == '\\' && index + 1 < field.Length)
            {
                character = field[++index];
            }

            text.Append(character);
        }

        value = "";
        return false;
    }

    private static string TakeToken(string field, ref int index)
    {
        var start = index;
        while (index < field.Length && (char.IsAsciiLetterOrDigit(field[index]) || "!#$%&'*+-.^_`|~".Contains(field[index], StringComparison.Ordinal)))
        {
            index++;
        }

        return field[start..index];
    }

    private static void SkipSeparators(string field, ref int index)
    {
        while (index < field.Length && field[index] is (' ' or '\t' or ','))
        {
            index++;
        }
    }

    private static void SkipBlanks(string field, ref int index)
    {
        while (index < field.Length && field[index] is (' ' or '\t'))
        {
            index++;
        }
    }
}

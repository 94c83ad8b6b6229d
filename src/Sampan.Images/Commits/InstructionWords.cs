using System.Text;
using Sampan.Linux;

namespace Sampan.Images.Commits;

/// <summary>Splits the arguments of an instruction into words, with quotes, backslashes and variables as the Dockerfile reference has them.</summary>
internal static class InstructionWords
{
    /// <summary>Words between blanks, quotes taken away and variables replaced.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string text, string line, VariableWords variables)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var inWord = false;
        char quote = '\0';
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quote == '\0' && character is ' ' or '\t')
            {
                if (inWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    inWord = false;
                }

                continue;
            }

            inWord = true;
            if (character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && character is '"' or '\'')
            {
                quote = character;
            }
            else if (character == '\\' && quote != '\'' && index + 1 < text.Length && (quote == '\0' || text[index + 1] is '"' or '\\' or '$'))
            {
                word.Append(text[++index]);
            }
            else if (character == '$' && quote != '\'')
            {
                index = variables.Append(text, index, line, word);
            }
            else
            {
                word.Append(character);
            }
        }

        if (quote != '\0')
        {
            throw ConfigChanges.Bad(line, "unexpected end of statement while looking for matching " + (quote == '"' ? "double-quote" : "single-quote"));
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>NAME=value pairs, or the old form of one name, a blank, and a value to the end of the line.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a word without "=", or without a name.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string text, string line, VariableWords variables)
    {
        var blank = text.AsSpan().IndexOfAny(' ', '\t');
        if (!(blank < 0 ? text : text[..blank]).Contains('=', StringComparison.Ordinal))
        {
            return blank < 0
                ? throw ConfigChanges.Bad(line, "must have two arguments")
                : [new(text[..blank], string.Join(' ', Split(text[blank..], line, variables)))];
        }

        List<KeyValuePair<string, string>> pairs = [];
        foreach (var word in Split(text, line, variables))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw ConfigChanges.Bad(line, $"syntax error - can't find = in \"{word}\". Must be of the form: name=value");
            }

            pairs.Add(new(word[..equals], word[(equals + 1)..]));
        }

        return pairs;
    }
}

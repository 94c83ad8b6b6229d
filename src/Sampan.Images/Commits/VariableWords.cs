using System.Text;
using Sampan.Linux;

namespace Sampan.Images.Commits;

/// <summary>Replaces $NAME, ${NAME}, ${NAME:-word} and ${NAME:+word} by the variables of the configuration (Dockerfile reference, "Environment replacement").</summary>
/// <param name="environment">NAME=value.</param>
internal sealed class VariableWords(IReadOnlyList<string>? environment)
{
    /// <summary>Appends what stands for the variable at a dollar sign.</summary>
    /// <param name="text">The instruction's arguments.</param>
    /// <param name="index">Where the dollar sign is.</param>
    /// <param name="line">The instruction, for the message.</param>
    /// <param name="word">Receives the value.</param>
    /// <returns>Where the variable's last character is.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a brace is not closed, or an unknown modifier.</exception>
    public int Append(string text, int index, string line, StringBuilder word)
    {
        if (index + 1 < text.Length && text[index + 1] == '{')
        {
            var close = text.IndexOf('}', index);
            if (close < 0)
            {
                throw ConfigChanges.Bad(line, "unexpected end of statement while looking for matching }");
            }

            word.Append(Braced(text[(index + 2)..close], line));
            return close;
        }

        var end = index + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        word.Append(end == index + 1 ? "$" : Value(text[(index + 1)..end]));
        return end - 1;
    }

    private string Braced(string expression, string line)
    {
        var colon = expression.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return Value(expression);
        }

        var value = Value(expression[..colon]);
        var modifier = expression[(colon + 1)..];
        return modifier switch
        {
            ['-', .. var word] => value.Length > 0 ? value : word,
            ['+', .. var word] => value.Length > 0 ? word : "",
            _ => throw ConfigChanges.Bad(line, $"unsupported modifier in ${{{expression}}}"),
        };
    }

    private string Value(string name)
    {
        foreach (var variable in environment ?? [])
        {
            if (variable.Length > name.Length && variable[name.Length] == '=' && variable.StartsWith(name, StringComparison.Ordinal))
            {
                return variable[(name.Length + 1)..];
            }
        }

        return "";
    }
}

using System.Globalization;
using System.Text.Json;

namespace Sampan.Engine.Devices;

/// <summary>A line of a YAML file that is not empty, without its indentation and comment.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Indent">How far in it begins.</param>
/// <param name="Text">What it says.</param>
internal sealed record CdiYamlLine(int Number, int Indent, string Text)
{
    /// <summary>An item of a sequence.</summary>
    public bool IsItem => Text == "-" || Text.StartsWith("- ", StringComparison.Ordinal);

    /// <summary>The beginning or the end of a document.</summary>
    public bool IsMarker => Indent == 0 && (Text is "---" or "..." || Text.StartsWith("--- ", StringComparison.Ordinal));

    /// <summary>Reads a line.</summary>
    /// <returns>Null when there is nothing on it.</returns>
    /// <exception cref="JsonException">A tab indents it, or a byte that is no text is in it.</exception>
    public static CdiYamlLine? TryRead(string line, int number)
    {
        var indent = 0;
        while (indent < line.Length && line[indent] == ' ')
        {
            indent++;
        }

        var text = WithoutComment(line[indent..]).TrimEnd(' ', '\t');
        var read = new CdiYamlLine(number, indent, text);
        if (text.Length > 0 && line[indent] == '\t')
        {
            throw read.Bad("a tab does not indent: use spaces");
        }

        foreach (var character in text)
        {
            if (char.IsControl(character) && character != '\t')
            {
                throw read.Bad("a character that is no text is in it");
            }
        }

        return text.Length == 0 ? null : read;
    }

    /// <summary>What follows the mark of an item, as far in as it stands.</summary>
    public CdiYamlLine AfterMark()
    {
        var begin = 1;
        while (begin < Text.Length && Text[begin] == ' ')
        {
            begin++;
        }

        return this with { Indent = Indent + begin, Text = Text[begin..] };
    }

    /// <summary>What is wrong with it.</summary>
    public JsonException Bad(string what) => new(string.Create(CultureInfo.InvariantCulture, $"line {Number}: {what}"));

    // A comment begins the line or follows a blank, outside of quotes.
    private static string WithoutComment(string text)
    {
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quote == '"' && character == '\\')
            {
                at++;
            }
            else if (quote != '\0')
            {
                quote = character == quote ? '\0' : quote;
            }
            else if (character is '"' or '\'' && (at == 0 || text[at - 1] is ' ' or '[' or '{' or ',' or ':'))
            {
                quote = character;
            }
            else if (character == '#' && (at == 0 || text[at - 1] is ' ' or '\t'))
            {
                return text[..at];
            }
        }

        return text;
    }
}

using System.Text;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>Fields separated by commas, in double quotes where one has a comma itself (RFC 4180, as docker's client reads them).</summary>
internal static class FieldList
{
    /// <summary>Takes them apart.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The fields.</returns>
    /// <exception cref="ValueException">A quote has no end.</exception>
    public static List<string> Split(string text)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var quoted = false;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '"' && quoted && index + 1 < text.Length && text[index + 1] == '"')
            {
                field.Append('"');
                index++;
            }
            else if (text[index] == '"')
            {
                quoted = !quoted;
            }
            else if (text[index] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(text[index]);
            }
        }

        fields.Add(field.ToString());
        return quoted ? throw new ValueException($"extraneous or missing \" in quoted-field in '{text}'") : fields;
    }
}

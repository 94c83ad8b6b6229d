using System.Text;
using Sampan.Flags;

namespace Sampan.Cli.Help;

/// <summary>The "Options" part of help: names on the left, sentences wrapped on the right, as pflag lays them out for docker.</summary>
internal static class FlagHelp
{
    /// <summary>Lays out the flags, sorted by name, hidden ones left out.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <returns>Lines, each ended; empty when there is no visible flag.</returns>
    public static string Format(FlagSet flags, int width)
    {
        var visible = Visible(flags);
        var left = 0;
        foreach (var flag in visible)
        {
            left = Math.Max(left, Head(flag).Length);
        }

        var text = new StringBuilder();
        foreach (var flag in visible)
        {
            text.Append(Head(flag).PadRight(left + 3));
            WordWrap.Append(text, Sentence(flag), left + 3, width);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The flags help shows, sorted by name.</summary>
    /// <param name="flags">All flags.</param>
    /// <returns>The visible ones.</returns>
    public static List<Flag> Visible(FlagSet flags)
    {
        var visible = new List<Flag>();
        foreach (var flag in flags.All)
        {
            if (!flag.Hidden)
            {
                visible.Add(flag);
            }
        }

        visible.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return visible;
    }

    /// <summary>The names of a flag and the word for its value: "-m, --memory bytes".</summary>
    /// <param name="flag">The flag.</param>
    /// <returns>The text, indented so that long names align.</returns>
    public static string Head(Flag flag)
    {
        var names = flag.Shorthand == '\0' ? $"      --{flag.Name}" : $"  -{flag.Shorthand}, --{flag.Name}";
        return flag.TypeName.Length == 0 ? names : $"{names} {flag.TypeName}";
    }

    /// <summary>The sentence of a flag and its default.</summary>
    /// <param name="flag">The flag.</param>
    /// <returns>The text.</returns>
    public static string Sentence(Flag flag) => flag.DefaultText.Length == 0 ? flag.Help : $"{flag.Help} (default {flag.DefaultText})";
}

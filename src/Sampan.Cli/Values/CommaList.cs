using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>Values of a flag that may be given many times, each of them several with commas between: what help calls "strings".</summary>
internal static class CommaList
{
    /// <summary>Takes them apart.</summary>
    /// <param name="flag">The flag.</param>
    /// <returns>The values in order.</returns>
    public static IReadOnlyList<string> Of(ListFlag flag)
    {
        List<string> values = [];
        foreach (var value in flag.Values)
        {
            values.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        return values;
    }
}

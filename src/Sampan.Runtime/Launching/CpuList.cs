using System.Globalization;
using Sampan.Linux;

namespace Sampan.Runtime.Launching;

/// <summary>Lists of processors and memory nodes as the kernel writes them, such as "0-3,7" (cpuset(7), "List format").</summary>
internal static class CpuList
{
    /// <summary>Highest number that fits a mask here; CONFIG_NR_CPUS ends at 8192.</summary>
    private const int Limit = 8192;

    /// <summary>Reads a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="field">What it is, for the error.</param>
    /// <returns>A bit mask of whole 64-bit words, as sched_setaffinity(2) and set_mempolicy(2) take it.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a list.</exception>
    public static ulong[] Parse(string list, string field)
    {
        var words = new ulong[1];
        foreach (var range in list.AsSpan().Trim().Split(','))
        {
            var text = list.AsSpan().Trim()[range].Trim();
            var dash = text.IndexOf('-');
            var low = Number(dash < 0 ? text : text[..dash], list, field);
            var high = dash < 0 ? low : Number(text[(dash + 1)..], list, field);
            if (high < low)
            {
                throw SampanException.InvalidArgument($"{field} \"{list}\": {high} comes before {low}");
            }

            if (high / 64 >= words.Length)
            {
                Array.Resize(ref words, (high / 64) + 1);
            }

            for (var number = low; number <= high; number++)
            {
                words[number / 64] |= 1UL << (number % 64);
            }
        }

        return words;
    }

    private static int Number(ReadOnlySpan<char> text, string list, string field) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Limit
            ? number
            : throw SampanException.InvalidArgument($"{field} \"{list}\": not a list such as 0-3,7");
}

using System.Globalization;

namespace Sampan.Linux.Systemd;

/// <summary>Lists of CPUs and memory nodes as systemd takes them: bit n of byte n/8.</summary>
internal static class CpuMask
{
    private const int Most = 8192;

    /// <summary>Translates a list.</summary>
    /// <param name="list">Such as "0-2,5" (cpusets.rst, "List format").</param>
    /// <returns>The mask.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not such a list.</exception>
    public static byte[] Of(string list)
    {
        var mask = new List<byte>();
        foreach (var range in list.AsSpan().Split(','))
        {
            var part = list.AsSpan()[range].Trim();
            if (part.IsEmpty)
            {
                continue;
            }

            var dash = part.IndexOf('-');
            if (!TryParse(dash < 0 ? part : part[..dash], out var first)
                || !TryParse(part[(dash + 1)..], out var last)
                || last < first)
            {
                throw Invalid(list);
            }

            for (var number = first; number <= last; number++)
            {
                while (mask.Count <= number / 8)
                {
                    mask.Add(0);
                }

                mask[number / 8] |= (byte)(1 << (number % 8));
            }
        }

        return mask.Count > 0 ? [.. mask] : throw Invalid(list);
    }

    private static bool TryParse(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Most;

    private static SampanException Invalid(string list) => SampanException.InvalidArgument($"\"{list}\" is not a list of CPUs or memory nodes such as 0-2,5");
}

using System.Globalization;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A block I/O weight (--blkio-weight). Which are allowed the engine knows.</summary>
internal static class BlockWeight
{
    /// <summary>Reads a weight.</summary>
    /// <param name="text">A number of 16 bits.</param>
    /// <returns>The weight.</returns>
    /// <exception cref="ValueException">Not such a number, in Go's words.</exception>
    public static ushort Parse(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight)
        ? weight
        : throw new ValueException(
            $"strconv.ParseUint: parsing \"{text}\": {(text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9') ? "value out of range" : "invalid syntax")}");
}

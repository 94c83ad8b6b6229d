using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>Limits of block I/O by device: <c>/dev/sda:500</c>, <c>/dev/sda:10mb</c>, with docker's words for what is wrong.</summary>
internal static class BlockDeviceArgument
{
    /// <summary>Reads a weight.</summary>
    /// <param name="text">path:weight, 10 to 1000, or 0 for none.</param>
    /// <returns>The weight.</returns>
    /// <exception cref="ValueException">Another form.</exception>
    public static WeightDevice ParseWeight(string text)
    {
        var (path, value) = Split(text);
        return ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight is 0 or (>= 10 and <= 1000)
            ? new() { Path = path, Weight = weight }
            : throw new ValueException($"invalid weight for device: {text}");
    }

    /// <summary>Reads a rate in bytes.</summary>
    /// <param name="text">path:size.</param>
    /// <returns>The rate.</returns>
    /// <exception cref="ValueException">Another form.</exception>
    public static ThrottleDevice ParseBytes(string text)
    {
        var (path, value) = Split(text);
        try
        {
            return new() { Path = path, Rate = (ulong)ByteSize.Parse(value) };
        }
        catch (ValueException)
        {
            throw new ValueException(
                $"invalid rate for device: {text}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb");
        }
    }

    /// <summary>Reads a rate in operations.</summary>
    /// <param name="text">path:number.</param>
    /// <returns>The rate.</returns>
    /// <exception cref="ValueException">Another form.</exception>
    public static ThrottleDevice ParseOperations(string text)
    {
        var (path, value) = Split(text);
        return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rate)
            ? new() { Path = path, Rate = rate }
            : throw new ValueException($"invalid rate for device: {text}. The correct format is <device-path>:<number>. Number must be a positive integer");
    }

    private static (string Path, string Value) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            throw new ValueException($"bad format: {text}");
        }

        return text.StartsWith("/dev/", StringComparison.Ordinal)
            ? (text[..colon], text[(colon + 1)..])
            : throw new ValueException($"bad format for device path: {text}");
    }
}

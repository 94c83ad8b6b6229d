using System.Globalization;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>The value of --gpus: all, a number, or device=0,1. They become devices of the CDI kind nvidia.com/gpu.</summary>
internal static class GpuArgument
{
    private const string Kind = "nvidia.com/gpu=";

    /// <summary>Reads it.</summary>
    /// <param name="text">The text; docker wants quotes around a value with commas, which are taken off.</param>
    /// <returns>CDI names.</returns>
    /// <exception cref="ValueException">Another form.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        var value = text.Replace("\"", "", StringComparison.Ordinal);
        if (value is "all" or "-1" or "count=all" or "count=-1")
        {
            return [Kind + "all"];
        }

        List<string> names = [];
        if (value.StartsWith("device=", StringComparison.Ordinal))
        {
            foreach (var device in value["device=".Length..].Split(','))
            {
                names.Add(Kind + device);
            }

            return names;
        }

        var number = value.StartsWith("count=", StringComparison.Ordinal) ? value["count=".Length..] : value;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
        {
            throw new ValueException($"invalid value for gpus: {text}: all, a number, or device=NAMES");
        }

        for (var index = 0; index < count; index++)
        {
            names.Add(Kind + index.ToString(CultureInfo.InvariantCulture));
        }

        return names;
    }
}

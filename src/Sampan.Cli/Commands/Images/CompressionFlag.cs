using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>--compression of the commands that make a layer, called as nerdctl calls it.</summary>
internal static class CompressionFlag
{
    /// <summary>Declares the flag.</summary>
    /// <param name="flags">Of the command.</param>
    /// <param name="initial">What the help says of no flag.</param>
    /// <returns>The flag.</returns>
    public static ValueFlag<LayerCompression> Declare(FlagSet flags, string initial) => flags.Add(new ValueFlag<LayerCompression>(
        "compression", '\0', $"Compress the layer (none|gzip|zstd); {initial} unless told", "string", Parse, LayerCompression.None, ""));

    private static LayerCompression Parse(string text) => text switch
    {
        "none" => LayerCompression.None,
        "gzip" => LayerCompression.Gzip,
        "zstd" => LayerCompression.Zstandard,
        _ => throw new ValueException("none, gzip or zstd"),
    };
}

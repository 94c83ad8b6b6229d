using Sampan.Cli.Formatting;
using Sampan.Images.Receiving;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.RegistryCli.Display;

/// <summary>What docker pull shows of each layer.</summary>
/// <param name="output">Where to.</param>
/// <param name="quiet">Say nothing.</param>
internal sealed class LayerDisplay(TextOutput output, bool quiet) : RowDisplay(output, quiet)
{
    private readonly Dictionary<string, long> _received = new(StringComparer.Ordinal);

    /// <summary>A layer has entered a stage.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="stage">The stage.</param>
    public void Tell(Descriptor layer, LayerStage stage)
    {
        var name = Ellipsis.Id(layer.Digest!);
        lock (Gate)
        {
            switch (stage)
            {
                case LayerStage.Existed:
                    Set(name, "Already exists");
                    break;
                case LayerStage.Needed:
                    Set(name, "Pulling fs layer");
                    break;
                case LayerStage.Waiting:
                    Set(name, "Waiting");
                    break;
                case LayerStage.Coming:
                    Advance(name, "Downloading", 0, layer.Size);
                    break;
                case LayerStage.Arrived:
                    Set(name, "Verifying Checksum");
                    Set(name, "Download complete");
                    break;
                default:
                    Set(name, "Pull complete");
                    break;
            }
        }
    }

    /// <summary>Bytes of a layer have come.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="count">How many.</param>
    public void Received(Descriptor layer, long count)
    {
        lock (Gate)
        {
            var received = _received.GetValueOrDefault(layer.Digest!) + count;
            _received[layer.Digest!] = received;
            Advance(Ellipsis.Id(layer.Digest!), "Downloading", received, layer.Size);
        }
    }
}

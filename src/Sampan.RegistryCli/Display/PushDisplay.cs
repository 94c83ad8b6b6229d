using Sampan.Cli.Formatting;
using Sampan.Linux.Files;
using Sampan.Oci.Images;
using Sampan.Registries;

namespace Sampan.RegistryCli.Display;

/// <summary>What docker push shows of each layer, which it calls by the id of its content.</summary>
/// <param name="output">Where to.</param>
/// <param name="quiet">Say nothing.</param>
/// <param name="diffIds">Ids of the layers' contents, bottom first.</param>
/// <param name="from">The repository that layers are mounted from; null for none.</param>
internal sealed class PushDisplay(TextOutput output, bool quiet, IReadOnlyList<string> diffIds, string? from) : RowDisplay(output, quiet)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _sent = new(StringComparer.Ordinal);

    /// <summary>These are to be pushed.</summary>
    /// <param name="layers">The layers, bottom first.</param>
    public void Begin(IReadOnlyList<Descriptor> layers)
    {
        lock (Gate)
        {
            for (var index = layers.Count - 1; index >= 0; index--)
            {
                var name = Ellipsis.Id(index < diffIds.Count ? diffIds[index] : layers[index].Digest!);
                if (_names.TryAdd(layers[index].Digest!, name))
                {
                    Set(name, "Preparing");
                }
            }
        }
    }

    /// <summary>Bytes of a blob have left; of less than none where what left did not arrive.</summary>
    /// <param name="blob">Which.</param>
    /// <param name="count">How many.</param>
    public void Sent(Descriptor blob, long count)
    {
        lock (Gate)
        {
            var sent = _sent.GetValueOrDefault(blob.Digest!) + count;
            _sent[blob.Digest!] = sent;
            if (_names.TryGetValue(blob.Digest!, out var name))
            {
                Advance(name, "Pushing", sent, blob.Size);
            }
        }
    }

    /// <summary>A blob is there. The configuration, which has no row, is not told of.</summary>
    /// <param name="blob">Which.</param>
    /// <param name="outcome">How it came there.</param>
    public void Done(Descriptor blob, BlobOutcome outcome)
    {
        lock (Gate)
        {
            if (_names.TryGetValue(blob.Digest!, out var name))
            {
                Set(name, outcome switch
                {
                    BlobOutcome.Existed => "Layer already exists",
                    BlobOutcome.Mounted => "Mounted from " + from,
                    BlobOutcome.Skipped => "Skipped foreign layer",
                    _ => "Pushed",
                });
            }
        }
    }
}

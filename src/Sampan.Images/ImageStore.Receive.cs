using Sampan.Images.Content;
using Sampan.Images.Receiving;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>
    /// Takes in an image whose layers come from elsewhere, several at once; those that are here already do not come again. Of two processes
    /// that take in the same layer one fetches it. A layer that was fetched by half, by a process that was killed, is gone on with.
    /// </summary>
    /// <param name="image">Its documents, digests of which were checked.</param>
    /// <param name="open">Opens a layer's blob, the digest of which is checked as it is read: a wrong one fails the read of its last byte. The
    /// stream given, if any, has the blob's first bytes, which need not be fetched; it is closed with the one returned. Called by several threads at once.</param>
    /// <param name="cancel">Is called when a layer has failed: the streams of the others may end.</param>
    /// <param name="options">How, and who is told.</param>
    /// <returns>Whether the image was new under this name.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: documents that do not fit together, a hostile or damaged layer;
    /// <see cref="ErrorKind.Unavailable"/>: the disk is full; or what the streams throw. The image has not changed then.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool Receive(IncomingImage image, Func<Descriptor, Stream?, Stream> open, Action cancel, ReceiveOptions? options = null)
    {
        var document = ImageReception.ReadConfiguration(image);
        var manifest = Digest.Parse(image.Manifest.Digest);
        var entry = Entry(manifest, image.ManifestBytes.Length, image.Manifest.MediaType!, Digest.Parse(image.Config.Digest), document);
        var told = Told(entry, options ?? new());
        try
        {
            var isNew = WithRoomOnDisk(() =>
            {
                // The layers are in the store before the image is: until then nothing but this keeps a collection from them.
                using var reception = new ImageReception(_paths, _durable, told);
                var diffIds = document.RootFileSystem?.DiffIds ?? [];
                PendingImage.Write(_paths, manifest, image, diffIds);
                reception.Run(image.Layers, diffIds, open, cancel);
                using var writer = new StoreWriter(_paths, _durable);
                writer.Add(image.ManifestBytes.Span);
                writer.Add(image.ConfigBytes.Span);
                writer.Publish();
                var added = true;
                _index.Update(list =>
                {
                    added = IndexEntry.Receive(list, entry, image.Reference, $"{image.Reference.Name}@{image.SourceDigest}");
                    return true;
                });
                PendingImage.Remove(_paths, manifest);
                return added;
            });
            GarbageCollector.TryClear(_paths);
            return isNew;
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.InvalidArgument)
        {
            // It will never be whole: what has come of it is of no use.
            GarbageCollector.TryCollect(_paths, _index, _blobs);
            throw;
        }
    }

    // Of an image that is here docker says nothing, layer by layer.
    private ReceiveOptions Told(Descriptor entry, ReceiveOptions options) =>
        options.Progress is not { } progress || !_index.Read().Exists(other => other.Digest == entry.Digest && !other.IsRemoved())
            ? options
            : options with
            {
                Progress = (layer, stage) =>
                {
                    if (stage != LayerStage.Existed)
                    {
                        progress(layer, stage);
                    }
                },
            };
}

using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Images.Layers;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images.Receiving;

/// <summary>
/// One layer on its way into the store. Its bytes go from the network through the hash, the file of the blob and the decompressor into the
/// files of the layer, once. It is moved into the store by itself, so that others that wait for it need not wait for the rest of the image.
/// </summary>
/// <param name="paths">The store.</param>
/// <param name="work">A directory of its own.</param>
/// <param name="name">A name in it that nobody else uses.</param>
/// <param name="durable">What is moved into the store shall survive a power cut.</param>
/// <param name="tell">Is told of its stages.</param>
internal sealed class LayerReception(StorePaths paths, FileDescriptor work, string name, bool durable, Action<LayerStage> tell)
{
    /// <summary>Whether the store has a layer: its blob, and its files unpacked.</summary>
    /// <param name="paths">The store.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="diffId">Digest of its uncompressed bytes.</param>
    /// <returns>True when nothing is missing.</returns>
    public static bool IsThere(StorePaths paths, Digest blob, Digest diffId) =>
        FileDescriptor.TryStatus(paths.Layer(diffId)) is { IsDirectory: true } && FileDescriptor.TryStatus(paths.Blob(blob)) is not null;

    /// <summary>Makes sure that the store has the blob, and the layer unpacked.</summary>
    /// <param name="layer">The blob.</param>
    /// <param name="diffId">Digest of its uncompressed bytes.</param>
    /// <param name="open">Opens the blob, verified as it is read; the stream given has its first bytes and is closed with it.</param>
    /// <exception cref="SampanException">It cannot be had, or is hostile, damaged, or not what was promised.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Run(Descriptor layer, Digest diffId, Func<Stream?, Stream> open)
    {
        var blob = Digest.Parse(layer.Digest);
        using (var partial = PartialBlob.Acquire(paths, blob, () => tell(LayerStage.Waiting)))
        {
            if (partial is null)
            {
                UnpackStored(blob, diffId);
            }
            else
            {
                tell(LayerStage.Coming);
                Fetch(partial, layer, diffId, open);
            }
        }

        tell(LayerStage.Complete);
    }

    private bool IsUnpacked(Digest diffId) => FileDescriptor.TryStatus(paths.Layer(diffId)) is { IsDirectory: true };

    // It came meanwhile, or a layer was lost of which the blob is here.
    private void UnpackStored(Digest blob, Digest diffId)
    {
        if (IsUnpacked(diffId))
        {
            return;
        }

        using var file = FileDescriptor.Open(paths.Blob(blob), OpenFlags.ReadOnly);
        using var source = new SourceStream(new DescriptorStream(file));
        Publish(diffId, LayerUnpacker.Unpack(work, name, source, diffId, durable).Size);
    }

    private void Fetch(PartialBlob partial, Descriptor layer, Digest diffId, Func<Stream?, Stream> open)
    {
        if (partial.Length > layer.Size)
        {
            // Of another manifest, that lied.
            partial.Clear();
        }

        while (true)
        {
            var isResumed = partial.Length > 0;
            try
            {
                Take(partial, diffId, open);
                return;
            }
            catch (SampanException problem) when (problem.Kind == ErrorKind.InvalidArgument)
            {
                if (!isResumed)
                {
                    partial.Discard();
                    throw;
                }

                // The bytes of an earlier try may be the wrong ones, after a power cut say. Without them it counts.
                partial.Clear();
                FileTree.RemoveAt(work, name);
            }
            catch (LinuxException)
            {
                // The disk is full, perhaps: it gets back what this has taken.
                partial.Discard();
                throw;
            }
        }
    }

    private void Take(PartialBlob partial, Digest diffId, Func<Stream?, Stream> open)
    {
        long? size = null;
        using (var content = open(partial.Already()))
        using (var source = new SourceStream(content, partial.Append))
        {
            if (IsUnpacked(diffId))
            {
                LayerUnpacker.Verify(source, diffId);
            }
            else
            {
                size = LayerUnpacker.Unpack(work, name, source, diffId, durable).Size;
            }
        }

        tell(LayerStage.Arrived);
        partial.Publish(durable);
        if (size is { } bytes)
        {
            Publish(diffId, bytes);
        }
    }

    private void Publish(Digest diffId, long size)
    {
        using var layers = FileDescriptor.Open(paths.Layers, OpenFlags.ReadOnly | OpenFlags.Directory);
        LayerStore.Publish(work, name, layers, diffId, size, durable);
        if (durable)
        {
            layers.Synchronize();
        }
    }
}

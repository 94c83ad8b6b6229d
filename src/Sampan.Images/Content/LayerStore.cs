using System.Collections.Concurrent;
using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>Unpacked layers, one directory each, shared by all images that have it.</summary>
internal sealed class LayerStore(StorePaths paths)
{
    private readonly ConcurrentDictionary<Digest, long> _sizes = [];

    public bool Contains(Digest diffId) => FileDescriptor.TryStatus(paths.Layer(diffId)) is { IsDirectory: true };

    /// <summary>The directory, for overlay's lowerdir.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: it is missing.</exception>
    public string Require(Digest diffId, string what) => Contains(diffId)
        ? paths.Layer(diffId)
        : throw new SampanException(ErrorKind.Internal, $"{what}: layer {diffId} is missing from {paths.Layers}: remove the image and load it again");

    /// <summary>Moves an unpacked layer into the store. What is there already stays: equal digests are equal content.</summary>
    /// <param name="work">The directory it was unpacked in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="layers">The store's directory of layers.</param>
    /// <param name="diffId">Digest of its uncompressed archive.</param>
    /// <param name="size">Bytes of its regular files.</param>
    /// <param name="durable">What is known of it shall survive a power cut.</param>
    public static void Publish(FileDescriptor work, string name, FileDescriptor layers, Digest diffId, long size, bool durable)
    {
        // The note goes first: a layer without one would have no size.
        AtomicFile.WriteAt(layers, diffId.Hex + ".json", StoreJson.LayerNote.ToBytes(new LayerNote { Size = size }), 0x1a4, durable);
        work.TryRename(name, layers, diffId.Hex);
    }

    /// <summary>Bytes of its regular files, as its note says; counted again where that is lost or damaged, 0 when the layer is too.</summary>
    public long Size(Digest diffId)
    {
        if (_sizes.TryGetValue(diffId, out var known))
        {
            return known;
        }

        if (TryReadNote(diffId) is not { } note)
        {
            return TreeSize.Of(paths.Layer(diffId));
        }

        // A layer's content never changes, and a thousand images of one project have the same.
        _sizes[diffId] = note.Size;
        return note.Size;
    }

    private LayerNote? TryReadNote(Digest diffId)
    {
        try
        {
            return StoreFile.TryRead(paths.LayerNote(diffId)) is { } bytes ? DocumentReader.Parse(bytes, $"layer {diffId}", StoreJson.LayerNote) : null;
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.Internal or ErrorKind.InvalidArgument)
        {
            return null;
        }
    }
}

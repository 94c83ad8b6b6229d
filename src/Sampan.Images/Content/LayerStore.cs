using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>Unpacked layers, one directory each, shared by all images that have it.</summary>
internal sealed class LayerStore(StorePaths paths)
{
    public bool Contains(Digest diffId) => FileDescriptor.TryStatus(paths.Layer(diffId)) is { IsDirectory: true };

    /// <summary>The directory, for overlay's lowerdir.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: it is missing.</exception>
    public string Require(Digest diffId, string what) => Contains(diffId)
        ? paths.Layer(diffId)
        : throw new SampanException(ErrorKind.Internal, $"{what}: layer {diffId} is missing from {paths.Layers}: remove the image and load it again");

    /// <summary>Bytes of its regular files, as its note says; counted again where that is lost or damaged, 0 when the layer is too.</summary>
    public long Size(Digest diffId) => TryReadNote(diffId)?.Size ?? TreeSize.Of(paths.Layer(diffId));

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

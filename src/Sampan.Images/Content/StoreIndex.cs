using Sampan.Images.Documents;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>index.json of the store: one descriptor for each name of each image, and one for an image without a name.</summary>
internal sealed class StoreIndex(StorePaths paths, bool durable)
{
    /// <summary>Digest of the image's configuration, so that ids are found without opening manifests.</summary>
    public const string IdAnnotation = "org.sampan.image.id";

    /// <summary>What registries call the image: NAME@DIGEST, several between blanks. docker's RepoDigests.</summary>
    public const string SourcesAnnotation = "org.sampan.image.sources";

    /// <summary>Removed by force while a container uses it: hidden, and kept until that container is gone.</summary>
    public const string RemovedAnnotation = "org.sampan.image.removed";

    private static ReadOnlySpan<byte> LayoutDocument => "{\"imageLayoutVersion\":\"1.0.0\"}"u8;

    /// <summary>The descriptors; none where there is no store yet.</summary>
    public List<Descriptor> Read() =>
        StoreFile.TryRead(paths.Index) is { } bytes
            ? [.. DocumentReader.Parse(bytes, paths.Index, ImageJson.ImageIndex).Manifests ?? []]
            : [];

    /// <summary>Changes the list while nobody else does. A reader sees the old list or the new.</summary>
    /// <param name="change">Changes it; false leaves the file as it is.</param>
    public void Update(Func<List<Descriptor>, bool> change)
    {
        using var held = FileLock.Acquire(paths.IndexLock);
        var list = Read();
        if (!change(list))
        {
            return;
        }

        if (FileDescriptor.TryStatus(paths.LayoutFile) is null)
        {
            AtomicFile.Write(paths.LayoutFile, LayoutDocument, 0x1a4, durable);
        }

        var index = new ImageIndex { MediaType = MediaTypes.Index, Manifests = list };
        AtomicFile.Write(paths.Index, ImageJson.ImageIndex.ToBytes(index), 0x1a4, durable);
    }
}

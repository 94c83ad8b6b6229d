using System.Security.Cryptography;
using Sampan.Images.Documents;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>Reads blobs of the store. Nothing but a <see cref="Digest"/> names a file there.</summary>
internal sealed class BlobStore(StorePaths paths)
{
    // Documents are small; distribution registries refuse manifests over 4 MiB.
    private const int LargestDocument = 4 << 20;

    public bool Contains(Digest digest) => FileDescriptor.TryStatus(paths.Blob(digest)) is not null;

    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: the blob is missing.</exception>
    public FileDescriptor Open(Digest digest, string what) =>
        FileDescriptor.TryOpenRegular(paths.Blob(digest), OpenFlags.ReadOnly)
            ?? throw new SampanException(ErrorKind.Internal, $"{what}: blob {digest} is missing from {paths.Blobs}: remove the image and load it again");

    /// <summary>What is said of a blob that has another hash than its name says.</summary>
    public static SampanException Damaged(Digest digest, string what) =>
        new(ErrorKind.Internal, $"{what}: blob {digest} is damaged: remove the image and load it again");

    /// <summary>A document, its hash checked: what a disk or a hand changed is not acted upon.</summary>
    public T ReadDocument<T>(Digest digest, string what, JsonFormat<T> format) => DocumentReader.Parse(ReadChecked(digest, what), what, format);

    /// <summary>A small blob, its hash checked.</summary>
    public byte[] ReadChecked(Digest digest, string what)
    {
        using var file = Open(digest, what);
        var bytes = file.ReadToEnd(LargestDocument);
        if (Digest.FromHash(SHA256.HashData(bytes)) != digest)
        {
            throw Damaged(digest, what);
        }

        return bytes;
    }

    /// <summary>A configuration, its hash unchecked: for the start of a container, where that costs more than everything else here.</summary>
    public ImageDocument ReadConfiguration(Digest id, string what)
    {
        using var file = Open(id, what);
        return DocumentReader.Parse(file.ReadToEnd(LargestDocument), what, ImageJson.ImageDocument);
    }
}

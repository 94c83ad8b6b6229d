using Sampan.Oci.Images;

namespace Sampan.Registries;

/// <summary>How an image is pushed, and who is told.</summary>
public sealed record PushOptions
{
    /// <summary>How blobs are sent.</summary>
    public UploadStyle Style { get; init; }

    /// <summary>Bytes of a piece of <see cref="UploadStyle.Chunked"/>; a registry may want larger ones.</summary>
    public int ChunkSize { get; init; } = 16 << 20;

    /// <summary>Blobs sent at once; docker sends five.</summary>
    public int Parallelism { get; init; } = 5;

    /// <summary>Another repository of the same registry that may have a blob: its path, library/debian. Null for none.</summary>
    public Func<Descriptor, string?>? MountFrom { get; init; }

    /// <summary>Is told of bytes of a blob that left; of less than none when what left did not arrive. By several threads at once.</summary>
    public Action<Descriptor, long>? Progress { get; init; }

    /// <summary>Is told when a blob is there. By several threads at once.</summary>
    public Action<Descriptor, BlobOutcome>? Done { get; init; }
}

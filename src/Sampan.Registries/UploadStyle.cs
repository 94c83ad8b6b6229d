namespace Sampan.Registries;

/// <summary>How a blob is sent (distribution-spec, "Pushing blobs").</summary>
public enum UploadStyle
{
    /// <summary>All of it in one PATCH, then a PUT that closes it: what docker does, and what can be resumed where the registry can.</summary>
    Streamed,

    /// <summary>In pieces, a PATCH each.</summary>
    Chunked,

    /// <summary>All of it in the PUT: a request less, nothing to resume.</summary>
    Monolithic,
}

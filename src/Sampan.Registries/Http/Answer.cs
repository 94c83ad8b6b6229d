using System.Net;

namespace Sampan.Registries.Http;

/// <summary>A small answer, read whole.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
/// <param name="Address">What was asked: what relative links are relative to.</param>
internal sealed record Answer(HttpStatusCode Status, byte[] Body, Uri Address)
{
    /// <summary>The media type of the body, without parameters; null when it is not given.</summary>
    public string? MediaType { get; init; }

    /// <summary>Length of the body, of a HEAD's too; null when it is not given.</summary>
    public long? Length { get; init; }

    /// <summary>Docker-Content-Digest.</summary>
    public string? Digest { get; init; }

    /// <summary>The target of the header Link with rel="next".</summary>
    public Uri? Next { get; init; }

    /// <summary>Location, as an absolute address.</summary>
    public Uri? Location { get; init; }

    /// <summary>Range of an upload, "0-99".</summary>
    public string? Range { get; init; }

    /// <summary>OCI-Subject: the registry keeps the list of referrers.</summary>
    public bool HasSubject { get; init; }

    /// <summary>OCI-Filters-Applied.</summary>
    public string? Filters { get; init; }

    /// <summary>OCI-Chunk-Min-Length: bytes; 0 when it is not given.</summary>
    public long ShortestChunk { get; init; }
}

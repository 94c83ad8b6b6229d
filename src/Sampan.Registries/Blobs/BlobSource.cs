using Sampan.Images.Content;

namespace Sampan.Registries.Blobs;

/// <summary>A blob of a repository.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its length.</param>
/// <param name="Open">Opens it at an offset; the second argument is how often that went wrong of late.</param>
internal sealed record BlobSource(Digest Digest, long Size, Func<long, int, HttpResponseMessage> Open);

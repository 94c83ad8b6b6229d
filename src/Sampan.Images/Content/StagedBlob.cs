namespace Sampan.Images.Content;

/// <summary>A blob in a writer's directory, whole and hashed, not yet in the store.</summary>
/// <param name="Name">File name in the writer's directory.</param>
/// <param name="Digest">Its hash.</param>
/// <param name="Size">Its length.</param>
internal readonly record struct StagedBlob(string Name, Digest Digest, long Size);

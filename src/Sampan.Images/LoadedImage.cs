namespace Sampan.Images;

/// <summary>An image that came out of an archive.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reference">The familiar name it got; null when it has none in the archive.</param>
public sealed record LoadedImage(string Id, string? Reference);

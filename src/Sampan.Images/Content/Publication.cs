using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>An image that a writer has made, and the name it shall get.</summary>
/// <param name="Reference">Full reference; null for none.</param>
/// <param name="Entry">Its descriptor, with its id.</param>
internal readonly record struct Publication(string? Reference, Descriptor Entry);

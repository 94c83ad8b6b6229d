using Sampan.Oci.Images;

namespace Sampan.Images.Archives;

/// <summary>An image on its way into an archive.</summary>
/// <param name="Entry">Its descriptor in the store's index.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="References">The full names it shall have in the archive.</param>
internal sealed record SavedImage(Descriptor Entry, ImageManifest Manifest, List<string> References);

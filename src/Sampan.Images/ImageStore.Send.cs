using Sampan.Images.Content;
using Sampan.Linux;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Opens an image to be sent elsewhere.</summary>
    /// <param name="image">Its name.</param>
    /// <returns>The image; dispose to let collections go on.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: no such image.</exception>
    public OutgoingImage Send(string image)
    {
        var hold = Hold();
        try
        {
            var list = _index.Read();
            var entry = ImageLookup.Find(list, image) ?? throw NoSuchImage(image);
            return new(ToImage(entry, ReferencesOf(list, entry)), entry.MediaType!, _blobs, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Notes what a registry calls an image that was sent to it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">NAME@DIGEST, docker.io/library/busybox@sha256:….</param>
    public void NoteSource(StoredImage image, string source) => _index.Update(list =>
    {
        IndexEntry.AddSource(list, image.Digest, source);
        return true;
    });
}

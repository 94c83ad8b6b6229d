using Sampan.Images.Content;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>An image as it is sent elsewhere: the very bytes that came or were made. No content is collected while it is open.</summary>
public sealed class OutgoingImage : IDisposable
{
    private readonly BlobStore _blobs;
    private readonly IDisposable _hold;
    private readonly string _what;

    internal OutgoingImage(StoredImage image, string mediaType, BlobStore blobs, IDisposable hold)
    {
        Image = image;
        MediaType = mediaType;
        _blobs = blobs;
        _hold = hold;
        _what = "image " + (image.References.Count > 0 ? image.References[0].Familiar : image.Id);
    }

    /// <summary>The image.</summary>
    public StoredImage Image { get; }

    /// <summary>Media type of the manifest.</summary>
    public string MediaType { get; }

    /// <summary>Reads the manifest.</summary>
    /// <returns>Its bytes, the digest checked.</returns>
    /// <exception cref="Sampan.Linux.SampanException">It is missing or damaged.</exception>
    public byte[] ReadManifest() => _blobs.ReadChecked(Digest.Parse(Image.Digest), _what);

    /// <summary>Opens a blob: the configuration, a layer.</summary>
    /// <param name="blob">Its descriptor.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <returns>Its content from there on.</returns>
    /// <exception cref="Sampan.Linux.SampanException">It is missing.</exception>
    public Stream OpenBlob(Descriptor blob, long offset)
    {
        var file = _blobs.Open(Digest.Parse(blob.Digest), _what);
        file.Seek(offset, SeekOrigin.Begin);
        return new DescriptorStream(file, owned: true);
    }

    /// <summary>Lets collections go on.</summary>
    public void Dispose() => _hold.Dispose();
}

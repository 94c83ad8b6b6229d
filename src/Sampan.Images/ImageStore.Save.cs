using Sampan.Images.Archives;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Writes images into an archive.</summary>
    /// <param name="images">Names, ids, or repositories, which stand for all their tags.</param>
    /// <param name="output">Where to; may be a pipe.</param>
    /// <param name="format">The archive's format.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: no such image. Nothing is written then.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Save(IReadOnlyList<string> images, Stream output, ArchiveFormat format = ArchiveFormat.Docker)
    {
        using var held = Hold();
        var list = _index.Read();
        List<SavedImage> saved = [];
        foreach (var image in images)
        {
            var found = ImagesOf(list, image);
            foreach (var (reference, entry) in found)
            {
                Add(saved, entry, reference);
            }
        }

        new ArchiveSaver(_blobs, output).Save(saved, format);
    }

    private static List<Publication> ImagesOf(List<Descriptor> list, string image)
    {
        List<Publication> found = [];
        if (ImageReference.TryParse(image, out _) is { } reference)
        {
            // A repository without a tag means all of its tags; "latest" need not be among them.
            var whole = reference.ToString();
            var isRepository = reference.Digest is null && reference.Tag == "latest" && !image.EndsWith(":latest", StringComparison.Ordinal);
            foreach (var entry in list)
            {
                if (entry.Reference() is { } name && (isRepository ? ImageReference.TryParse(name, out _)?.Name == reference.Name : name == whole))
                {
                    found.Add(new(name, entry));
                }
            }
        }

        if (found.Count == 0)
        {
            found.Add(new(null, ImageLookup.Find(list, image) ?? throw NoSuchImage(image)));
        }

        return found;
    }

    private void Add(List<SavedImage> saved, Descriptor entry, string? reference)
    {
        var image = saved.Find(other => other.Entry.Digest == entry.Digest);
        if (image is null)
        {
            var digest = Digest.Parse(entry.Digest);
            image = new(entry, _blobs.ReadDocument(digest, $"image {reference ?? digest.Value}", ImageJson.ImageManifest), []);
            saved.Add(image);
        }

        if (reference is not null && !image.References.Contains(reference))
        {
            image.References.Add(reference);
        }
    }
}

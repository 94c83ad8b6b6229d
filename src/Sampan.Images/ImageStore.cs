using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>
/// The images of this host. The directory is an OCI image layout (image-spec, image-layout.md) that skopeo and others can read, with the
/// unpacked layers beside it. Readers take no lock; writers make everything aside and rename it into place.
/// </summary>
public sealed partial class ImageStore
{
    private readonly StorePaths _paths;
    private readonly StoreIndex _index;
    private readonly BlobStore _blobs;
    private readonly LayerStore _layers;
    private readonly bool _durable;

    /// <summary>Opens a store; nothing is made before something is written.</summary>
    /// <param name="root">Its directory.</param>
    /// <param name="durable">False skips fsync: what is written need not survive a power cut.</param>
    public ImageStore(string root, bool durable = true)
    {
        _paths = new(root.Length > 1 ? root.TrimEnd('/') : root);
        _index = new(_paths, durable);
        _blobs = new(_paths);
        _layers = new(_paths);
        _durable = durable;
    }

    /// <summary>Finds an image by name, by id, or by the beginning of an id.</summary>
    /// <param name="image">busybox, busybox:1.35, name@sha256:…, sha256:…, 4e7f.</param>
    /// <returns>The image.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>, in docker's words: "No such image: busybox:latest";
    /// <see cref="ErrorKind.InvalidArgument"/>: the text can be no name, or several ids begin so.</exception>
    public StoredImage Find(string image) => TryFind(image) ?? throw NoSuchImage(image);

    /// <summary>The same, or null when there is none.</summary>
    /// <inheritdoc cref="Find"/>
    public StoredImage? TryFind(string image)
    {
        var list = _index.Read();
        return ImageLookup.Find(list, image) is { } entry ? ToImage(entry, ReferencesOf(list, entry)) : null;
    }

    /// <summary>Finds an image without reading it, so that it may be damaged.</summary>
    /// <param name="image">As for <see cref="Find"/>.</param>
    /// <returns>sha256:… of the image; null when there is none.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the text can be no name, or several ids begin so.</exception>
    public string? TryFindId(string image) => ImageLookup.Find(_index.Read(), image) is { } entry ? IdOf(entry).Value : null;

    /// <summary>All images, newest first. One that is damaged is left out, and told by <see cref="Check"/>: it must not hide the others.</summary>
    /// <returns>Named ones and those without name.</returns>
    public IReadOnlyList<StoredImage> List()
    {
        var list = _index.Read();
        List<StoredImage> images = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        var references = ReferencesOf(list);
        foreach (var entry in list)
        {
            // Of an image with several names, or several manifests, the first stands for all.
            if (entry.IsRemoved() || !MediaTypes.IsManifest(entry.MediaType) || (entry.Id() is { } id && seen.Contains(id)))
            {
                continue;
            }

            if (TryToImage(entry, references.GetValueOrDefault(entry.Identity()) ?? []) is { } image && seen.Add(image.Id))
            {
                images.Add(image);
            }
        }

        images.Sort((left, right) => right.Created.CompareTo(left.Created));
        return images;
    }

    /// <summary>What images take on the disk.</summary>
    /// <param name="images">All there are: what only they have counts as theirs alone.</param>
    /// <returns>The measures; nothing has been measured yet.</returns>
    public ImageDiskUsage MeasureDisk(IReadOnlyList<StoredImage> images) => new(_paths, _blobs, images);

    /// <summary>Bytes of a layer's files, whether or not an image still has it.</summary>
    /// <param name="diffId">Hex digits of its diff-id: the name of its directory.</param>
    /// <returns>Bytes; 0 when the layer is not there.</returns>
    public long LayerSize(string diffId) => _layers.Size(Content.Digest.Parse("sha256:" + diffId));

    /// <summary>Gives an image one more name. The name is taken from another image that had it.</summary>
    /// <param name="source">Name or id of the image.</param>
    /// <param name="target">The new name.</param>
    /// <exception cref="SampanException">No such image, or no valid name.</exception>
    public void Tag(string source, string target)
    {
        var reference = ParseTag(target);
        _index.Update(list =>
        {
            var entry = ImageLookup.Find(list, source) ?? throw NoSuchImage(source);
            IndexEntry.Put(list, entry, reference);
            return true;
        });
    }

    /// <summary>
    /// Keeps all content in place while it is held. Who makes a container holds it from the lookup until the container's record is
    /// written; removal of an image then leaves the content to a later collection.
    /// </summary>
    /// <returns>Dispose to release.</returns>
    public IDisposable Hold()
    {
        FileTree.MakeDirectories(_paths.Root);
        return FileLock.Acquire(_paths.ContentLock, shared: true);
    }

    private static string ShownName(Descriptor entry) =>
        entry.Reference() is { } name ? ImageReference.TryParse(name, out _)?.Familiar ?? name : entry.Id() ?? entry.Digest ?? "";

    private ImageManifest ManifestOf(Descriptor entry) =>
        _blobs.ReadDocument(Digest.Parse(entry.Digest), "image " + ShownName(entry), ImageJson.ImageManifest);

    private static Dictionary<string, List<ImageReference>> ReferencesOf(List<Descriptor> list)
    {
        Dictionary<string, List<ImageReference>> references = new(StringComparer.Ordinal);
        foreach (var entry in list)
        {
            if (entry.Reference() is { } name && ImageReference.TryParse(name, out _) is { } reference)
            {
                if (!references.TryGetValue(entry.Identity(), out var names))
                {
                    references[entry.Identity()] = names = [];
                }

                names.Add(reference);
            }
        }

        return references;
    }

    // For one image on the way of run: no other name than its own is read.
    private static List<ImageReference> ReferencesOf(List<Descriptor> list, Descriptor entry)
    {
        List<ImageReference> references = [];
        foreach (var other in list)
        {
            if (other.Identity() == entry.Identity() && other.Reference() is { } name && ImageReference.TryParse(name, out _) is { } reference)
            {
                references.Add(reference);
            }
        }

        return references;
    }

    private StoredImage? TryToImage(Descriptor entry, List<ImageReference> references)
    {
        try
        {
            return ToImage(entry, references);
        }
        catch (SampanException)
        {
            return null;
        }
    }

    internal static SampanException NoSuchImage(string image) =>
        SampanException.NotFound("No such image: " + (ImageReference.TryParse(image, out _)?.Familiar ?? image));

    internal static string ParseTag(string target)
    {
        var reference = ImageReference.Parse(target);
        return reference.Digest is null
            ? reference.ToString()
            : throw SampanException.InvalidArgument($"invalid reference format: \"{target}\": a name to give cannot contain a digest");
    }

    private StoredImage ToImage(Descriptor entry, List<ImageReference> references)
    {
        var id = IdOf(entry);
        references.Sort(static (left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));
        var shown = references.Count > 0 ? references[0].Familiar : id.Value;
        var config = _blobs.ReadConfiguration(id, "image " + shown);
        return new(_layers, shown, id.Value, entry.Digest ?? "", references, entry.Sources(), config);
    }

    private Digest IdOf(Descriptor entry)
    {
        if (entry.Id() is { } id)
        {
            return Digest.Parse(id);
        }

        // An entry that another tool wrote into the layout.
        var manifest = _blobs.ReadDocument(Digest.Parse(entry.Digest), "image " + entry.Digest, ImageJson.ImageManifest);
        return Digest.Parse(manifest.Config?.Digest);
    }
}

using Sampan.Images.Content;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>
/// What images take on the disk, as du(1) counts: blobs and unpacked layers, the blocks they have, a file of several names once. What images
/// share is measured once, when it is first asked for.
/// </summary>
public sealed class ImageDiskUsage
{
    private readonly StorePaths _paths;
    private readonly BlobStore _blobs;
    private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<StoredImage, IReadOnlySet<string>> _content = [];

    internal ImageDiskUsage(StorePaths paths, BlobStore blobs, IReadOnlyList<StoredImage> images)
    {
        _paths = paths;
        _blobs = blobs;
        foreach (var image in images)
        {
            var content = ContentOf(image);
            _content[image] = content;
            foreach (var path in content)
            {
                _users[path] = _users.GetValueOrDefault(path) + 1;
            }
        }
    }

    /// <summary>Bytes of several images; what they share counts once.</summary>
    /// <param name="images">Of those this was made for.</param>
    /// <returns>Bytes on the disk.</returns>
    /// <exception cref="Linux.LinuxException">A directory cannot be read.</exception>
    public long Of(IReadOnlyList<StoredImage> images)
    {
        HashSet<string> content = new(StringComparer.Ordinal);
        foreach (var image in images)
        {
            content.UnionWith(_content[image]);
        }

        return Sum(content);
    }

    /// <summary>Bytes that one image shares with others.</summary>
    /// <param name="image">One of those this was made for.</param>
    /// <returns>Bytes on the disk.</returns>
    /// <exception cref="Linux.LinuxException">A directory cannot be read.</exception>
    public long Shared(StoredImage image)
    {
        List<string> shared = [];
        foreach (var path in _content[image])
        {
            if (_users[path] > 1)
            {
                shared.Add(path);
            }
        }

        return Sum(shared);
    }

    /// <summary>Measures everything, so that <see cref="Gone"/> can tell what is no more.</summary>
    /// <exception cref="Linux.LinuxException">A directory cannot be read.</exception>
    public void Measure() => Sum(_users.Keys);

    /// <summary>Bytes of what was measured and is not there any more.</summary>
    /// <returns>Bytes that were given back.</returns>
    public long Gone()
    {
        long size = 0;
        foreach (var (path, bytes) in _sizes)
        {
            size += FileDescriptor.TryStatus(path) is null ? bytes : 0;
        }

        return size;
    }

    private long Sum(IEnumerable<string> content)
    {
        long size = 0;
        foreach (var path in content)
        {
            if (!_sizes.TryGetValue(path, out var bytes))
            {
                _sizes[path] = bytes = TreeSize.OnDisk(path);
            }

            size += bytes;
        }

        return size;
    }

    private HashSet<string> ContentOf(StoredImage image)
    {
        HashSet<string> content = new(StringComparer.Ordinal) { _paths.Blob(Digest.Parse(image.Id)) };
        foreach (var layer in image.DiffIds)
        {
            content.Add(_paths.Layer(Digest.Parse(layer)));
            content.Add(_paths.LayerNote(Digest.Parse(layer)));
        }

        if (Digest.IsValid(image.Digest))
        {
            var manifest = Digest.Parse(image.Digest);
            content.Add(_paths.Blob(manifest));
            foreach (var layer in TryLayers(manifest))
            {
                content.Add(_paths.Blob(Digest.Parse(layer.Digest)));
            }
        }

        return content;
    }

    private IReadOnlyList<Descriptor> TryLayers(Digest manifest)
    {
        try
        {
            return _blobs.ReadDocument(manifest, "image", ImageJson.ImageManifest).Layers ?? [];
        }
        catch (Linux.SampanException)
        {
            // Damaged, which system check tells: what it has cannot be known.
            return [];
        }
    }
}

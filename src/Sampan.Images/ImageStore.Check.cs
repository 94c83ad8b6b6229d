using System.Security.Cryptography;
using Sampan.Images.Compression;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Reads every image and finds what is damaged.</summary>
    /// <returns>What was found. Of a layer that is missing while its blob is there, with what puts it right.</returns>
    /// <exception cref="SampanException">The index itself is damaged.</exception>
    public IReadOnlyList<ImageProblem> Check()
    {
        List<ImageProblem> problems = [];
        foreach (var entry in _index.Read())
        {
            if (!entry.IsRemoved() && MediaTypes.IsManifest(entry.MediaType))
            {
                CheckEntry(entry, problems);
            }
        }

        return problems;
    }

    /// <summary>Unpacks a layer that is missing from the blob that an image has of it.</summary>
    /// <param name="diffId">Hex digits of the layer.</param>
    /// <returns>False when no image has a blob of it.</returns>
    /// <exception cref="SampanException">The blob is damaged, or the disk is full.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool RestoreLayer(string diffId)
    {
        var layer = Digest.Parse(Digest.Prefix + diffId);
        if (_layers.Contains(layer))
        {
            return true;
        }

        if (FindBlobOf(layer) is not { } blob)
        {
            return false;
        }

        Write(writer =>
        {
            using var file = _blobs.Open(blob, $"layer {layer}");
            using var source = new SourceStream(new DescriptorStream(file));
            writer.Unpack(source, layer);
            return [];
        });
        return true;
    }

    /// <summary>Whether <see cref="RestoreLayer"/> has a blob to unpack.</summary>
    /// <param name="diffId">Hex digits of the layer.</param>
    /// <returns>True when an image has one.</returns>
    /// <exception cref="SampanException">The index is damaged.</exception>
    public bool CanRestoreLayer(string diffId) => FindBlobOf(Digest.Parse(Digest.Prefix + diffId)) is not null;

    /// <summary>The images that need a blob.</summary>
    /// <param name="blob">Hex digits of its digest.</param>
    /// <returns>Their names, or their ids where they have none.</returns>
    /// <exception cref="SampanException">The index is damaged.</exception>
    public IReadOnlyList<string> ImagesWith(string blob)
    {
        List<string> names = [];
        foreach (var entry in _index.Read())
        {
            var needs = entry.Digest == Digest.Prefix + blob || entry.Id() == Digest.Prefix + blob;
            foreach (var layer in needs || TryReadManifest(entry) is not { } manifest ? [] : manifest.Layers ?? [])
            {
                needs |= layer.Digest == Digest.Prefix + blob;
            }

            if (needs)
            {
                names.Add(ShownName(entry));
            }
        }

        return names;
    }

    /// <summary>Finds blobs and layers that no image leads to: a crash, or another tool, left them.</summary>
    /// <param name="used">Layers that containers use, whatever the index says.</param>
    /// <param name="remove">Removes them.</param>
    /// <returns>
    /// What was found; null when that cannot be told now, since a writer is at work or an image is damaged: what that needs nobody knows.
    /// </returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public OrphanedContent? FindOrphans(IReadOnlySet<string> used, bool remove = false) => GarbageCollector.FindOrphans(_paths, _index, _blobs, used, remove);

    /// <summary>Compares the content of every blob with its name, which is its digest. Reads all of it.</summary>
    /// <returns>The hex digits of those whose content is another.</returns>
    /// <exception cref="LinuxException">A blob cannot be read.</exception>
    public IReadOnlyList<string> FindWrongDigests()
    {
        List<string> wrong = [];
        foreach (var entry in FileTree.List(_paths.Blobs))
        {
            var name = entry.Name.ToString();
            if (!Digest.IsValid(Digest.Prefix + name))
            {
                continue;
            }

            using var file = FileDescriptor.TryOpen(_paths.Blobs + "/" + name, OpenFlags.ReadOnly | OpenFlags.NoFollow);
            if (file is null)
            {
                continue;
            }

            using var stream = new DescriptorStream(file);
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != name)
            {
                wrong.Add(name);
            }
        }

        return wrong;
    }

    private void CheckEntry(Descriptor entry, List<ImageProblem> problems)
    {
        var name = "image " + ShownName(entry);
        try
        {
            var layers = ManifestOf(entry).Layers ?? [];
            var id = IdOf(entry);
            var diffIds = _blobs.ReadDocument(id, name, ImageJson.ImageDocument).RootFileSystem?.DiffIds ?? [];
            for (var index = 0; index < diffIds.Count; index++)
            {
                var diffId = Digest.Parse(diffIds[index]);
                var hasBlob = index < layers.Count && _blobs.Contains(Digest.Parse(layers[index].Digest));
                if (!_layers.Contains(diffId))
                {
                    problems.Add(hasBlob
                        ? new(name, $"its layer {diffId} is missing", "unpack its blob again", () => RestoreLayer(diffId.Hex))
                        : new(name, $"its layer {diffId} is missing, and the blob of it: the image is lost: remove it (rmi), and load it again", null, null));
                }
                else if (!hasBlob)
                {
                    problems.Add(new(name, $"the blob of its layer {diffId} is missing: containers run, but it cannot be saved or pushed: load it again", null, null));
                }
            }
        }
        catch (SampanException problem)
        {
            problems.Add(new(name, problem.Message, null, null));
        }
    }

    private Digest? FindBlobOf(Digest diffId)
    {
        foreach (var entry in _index.Read())
        {
            if (TryReadManifest(entry)?.Layers is not { } layers)
            {
                continue;
            }

            var diffIds = DiffIdsOf(IdOf(entry));
            for (var index = 0; index < Math.Min(diffIds.Count, layers.Count); index++)
            {
                if (diffIds[index] == diffId.Value && Digest.IsValid(layers[index].Digest) && Digest.Parse(layers[index].Digest) is var blob && _blobs.Contains(blob))
                {
                    return blob;
                }
            }
        }

        return null;
    }

    private ImageManifest? TryReadManifest(Descriptor entry)
    {
        try
        {
            return MediaTypes.IsManifest(entry.MediaType) ? ManifestOf(entry) : null;
        }
        catch (SampanException)
        {
            // Damaged: Check tells.
            return null;
        }
    }
}

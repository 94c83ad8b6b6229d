using Sampan.Images.Receiving;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>Removes what no entry of the index leads to: found from what is on disk, never from counters.</summary>
internal static class GarbageCollector
{
    /// <summary>Collects unless a writer is at work or somebody holds the content: then a later collection does it.</summary>
    /// <returns>Layers that were removed, and blobs.</returns>
    public static IReadOnlyList<Digest> TryCollect(StorePaths paths, StoreIndex index, BlobStore blobs)
    {
        if (FileDescriptor.TryStatus(paths.Work) is null)
        {
            return [];
        }

        using var alone = FileLock.TryAcquire(paths.ContentLock);
        if (alone is null)
        {
            return [];
        }

        // No writer lives: what their directories hold was left by killed ones.
        Clear(paths.Work);
        Clear(paths.Downloads);
        return TryMarkAll(index, blobs) is { } live ? Sweep(paths, live) : [];
    }

    /// <summary>Removes what killed writers left of their work, unless one is at work now. What they have downloaded stays, for who goes on with it.</summary>
    /// <param name="paths">The store.</param>
    public static void TryClear(StorePaths paths)
    {
        using var alone = FileLock.TryAcquire(paths.ContentLock);
        if (alone is not null)
        {
            Clear(paths.Work);
        }
    }

    /// <summary>Finds, or removes, what no entry leads to and no container uses.</summary>
    /// <returns>Null when that cannot be told now.</returns>
    public static OrphanedContent? FindOrphans(StorePaths paths, StoreIndex index, BlobStore blobs, IReadOnlySet<string> used, bool remove)
    {
        if (FileDescriptor.TryStatus(paths.Work) is null)
        {
            return new([], []);
        }

        using var alone = FileLock.TryAcquire(paths.ContentLock);
        if (alone is null || TryMarkAll(index, blobs) is not { } live)
        {
            return null;
        }

        var parts = PendingImage.ReadParts(paths);
        live.Blobs.UnionWith(parts);
        live.Layers.UnionWith(parts);
        live.Layers.UnionWith(used);
        List<string> deadBlobs = [], deadLayers = [];
        foreach (var entry in FileTree.List(paths.Blobs))
        {
            AddUnless(live.Blobs, entry.Name.ToString(), deadBlobs);
        }

        foreach (var entry in FileTree.List(paths.Layers))
        {
            // Beside each is a note of its size; what took a note's place is made anew.
            if (entry.Type == FileType.Directory && Digest.IsValid(Digest.Prefix + entry.Name))
            {
                AddUnless(live.Layers, entry.Name.ToString(), deadLayers);
            }
        }

        if (remove)
        {
            Sweep(paths, live);
        }

        return new(deadBlobs, deadLayers);
    }

    private static void Clear(string directory)
    {
        foreach (var entry in FileTree.List(directory))
        {
            FileTree.Remove(directory + "/" + entry.Name);
        }
    }

    private static void AddUnless(HashSet<string> live, string name, List<string> dead)
    {
        if (!live.Contains(name))
        {
            dead.Add(name);
        }
    }

    /// <returns>Null when an image is damaged: what it still needs cannot be known, so everything is kept until it is removed.</returns>
    private static LiveContent? TryMarkAll(StoreIndex index, BlobStore blobs)
    {
        var live = new LiveContent();
        try
        {
            foreach (var entry in index.Read())
            {
                if (!TryMark(entry, blobs, live))
                {
                    return null;
                }
            }
        }
        catch (SampanException)
        {
            return null;
        }

        return live;
    }

    private static List<Digest> Sweep(StorePaths paths, LiveContent live)
    {
        foreach (var entry in FileTree.List(paths.Blobs))
        {
            if (!live.Blobs.Contains(entry.Name.ToString()))
            {
                FileTree.Remove(paths.Blobs + "/" + entry.Name);
            }
        }

        return CollectLayers(paths, live.Layers);
    }

    private static List<Digest> CollectLayers(StorePaths paths, HashSet<string> live)
    {
        List<Digest> removed = [];
        foreach (var entry in FileTree.List(paths.Layers))
        {
            var name = entry.Name.ToString();
            var hex = name.EndsWith(".json", StringComparison.Ordinal) ? name[..^5] : name;
            if (live.Contains(hex))
            {
                continue;
            }

            var path = paths.Layers + "/" + name;
            if (entry.Type == FileType.Directory && Digest.IsValid(Digest.Prefix + name))
            {
                // Moved away first: a layer that is there is whole, also after a kill in the middle of this.
                using var layers = FileDescriptor.Open(paths.Layers, OpenFlags.ReadOnly | OpenFlags.Directory);
                using var work = FileDescriptor.Open(paths.Work, OpenFlags.ReadOnly | OpenFlags.Directory);
                layers.Rename(name, work, name);
                path = paths.Work + "/" + name;
                removed.Add(Digest.Parse(Digest.Prefix + name));
            }

            FileTree.Remove(path);
        }

        return removed;
    }

    private static bool TryMark(Descriptor entry, BlobStore blobs, LiveContent live)
    {
        if (!Digest.IsValid(entry.Digest) || !blobs.Contains(Digest.Parse(entry.Digest)))
        {
            return false;
        }

        var digest = Digest.Parse(entry.Digest);
        if (!live.Blobs.Add(digest.Hex))
        {
            return true;
        }

        var what = "image " + digest;
        if (MediaTypes.IsIndex(entry.MediaType))
        {
            foreach (var child in blobs.ReadDocument(digest, what, ImageJson.ImageIndex).Manifests ?? [])
            {
                // A layout need not have the images for every platform.
                if (Digest.IsValid(child.Digest) && blobs.Contains(Digest.Parse(child.Digest)) && !TryMark(child, blobs, live))
                {
                    return false;
                }
            }

            return true;
        }

        var manifest = blobs.ReadDocument(digest, what, ImageJson.ImageManifest);
        var config = Digest.Parse(manifest.Config?.Digest);
        live.Blobs.Add(config.Hex);
        foreach (var layer in manifest.Layers ?? [])
        {
            live.Blobs.Add(Digest.Parse(layer.Digest).Hex);
        }

        if (!blobs.Contains(config))
        {
            return false;
        }

        foreach (var diffId in blobs.ReadDocument(config, what, ImageJson.ImageDocument).RootFileSystem?.DiffIds ?? [])
        {
            live.Layers.Add(Digest.Parse(diffId).Hex);
        }

        return true;
    }
}

using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>What the descriptors of index.json mean to this store.</summary>
internal static class IndexEntry
{
    /// <summary>The full reference, docker.io/library/busybox:latest; null for an image without a name.</summary>
    public static string? Reference(this Descriptor entry) => entry.Annotation(AnnotationKeys.ReferenceName);

    public static string? Id(this Descriptor entry) => entry.Annotation(StoreIndex.IdAnnotation);

    /// <summary>What makes it the image it is: its configuration. One image may have several manifests, as it was pulled and as it was loaded.</summary>
    public static string Identity(this Descriptor entry) => entry.Id() ?? entry.Digest ?? "";

    /// <summary>What registries call the image: docker.io/library/busybox@sha256:….</summary>
    public static string[] Sources(this Descriptor entry) => entry.Annotation(StoreIndex.SourcesAnnotation)?.Split(' ') ?? [];

    public static bool IsRemoved(this Descriptor entry) => entry.Annotation(StoreIndex.RemovedAnnotation) is not null;

    /// <summary>The same manifest under another name, or under none.</summary>
    public static Descriptor Named(this Descriptor entry, string? reference)
    {
        Dictionary<string, string> annotations = entry.Annotations is null
            ? new(StringComparer.Ordinal)
            : new(entry.Annotations, StringComparer.Ordinal);
        annotations.Remove(AnnotationKeys.ReferenceName);
        annotations.Remove(StoreIndex.RemovedAnnotation);
        if (reference is not null)
        {
            annotations[AnnotationKeys.ReferenceName] = reference;
        }

        return entry with { Annotations = annotations };
    }

    /// <summary>
    /// Gives a name to an image, as docker does: an image that loses its last name by it stays, without name; one that had none loses
    /// its nameless entry.
    /// </summary>
    /// <param name="list">The index.</param>
    /// <param name="entry">The image.</param>
    /// <param name="reference">The full reference; null adds the image without a name, unless it is there.</param>
    public static void Put(List<Descriptor> list, Descriptor entry, string? reference)
    {
        var id = entry.Id();
        if (reference is null)
        {
            list.RemoveAll(other => other.Id() == id && other.IsRemoved());
            if (!list.Exists(other => other.Id() == id))
            {
                list.Add(entry.Named(null));
            }

            return;
        }

        var former = list.Find(other => other.Reference() == reference);
        if (former is not null)
        {
            list.Remove(former);
            if (former.Id() != id && !list.Exists(other => other.Identity() == former.Identity()))
            {
                list.Add(former.Named(null));
            }
        }

        list.RemoveAll(other => other.Id() == id && other.Reference() is null);
        list.Add(entry.Named(reference));
    }

    /// <summary>Enters an image that a registry gave.</summary>
    /// <param name="list">The index.</param>
    /// <param name="entry">The image.</param>
    /// <param name="reference">What was asked for: the image gets its tag, if it has one.</param>
    /// <param name="source">What the registry calls it: NAME@DIGEST.</param>
    /// <returns>Whether it was not here, or not by this name.</returns>
    public static bool Receive(List<Descriptor> list, Descriptor entry, ImageReference reference, string source)
    {
        List<string> sources = [];
        foreach (var other in list)
        {
            sources.AddRange(other.Digest == entry.Digest && !other.IsRemoved() ? other.Sources() : []);
        }

        bool isKnown;
        if (reference.Digest is null)
        {
            var name = reference.ToString();
            isKnown = list.Exists(other => other.Digest == entry.Digest && other.Reference() == name);
            Put(list, entry, name);
        }
        else
        {
            isKnown = sources.Contains(source);
            list.RemoveAll(other => other.Digest == entry.Digest && other.IsRemoved());
            if (!list.Exists(other => other.Digest == entry.Digest))
            {
                list.Add(entry.Named(null));
            }
        }

        foreach (var each in (List<string>)[.. sources, source])
        {
            AddSource(list, entry.Digest!, each);
        }

        return !isKnown;
    }

    /// <summary>Gives an image another manifest, in all its names; not where a registry has come to have the former meanwhile.</summary>
    /// <param name="list">The index.</param>
    /// <param name="former">Digest of its manifest.</param>
    /// <param name="manifest">The other.</param>
    /// <returns>Whether it was given.</returns>
    public static bool Repack(List<Descriptor> list, string former, StagedBlob manifest)
    {
        var any = false;
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index].Digest == former && list[index].Sources().Length == 0)
            {
                list[index] = list[index] with { Digest = manifest.Digest.Value, Size = manifest.Size };
                any = true;
            }
        }

        return any;
    }

    /// <summary>Forgets what registries call an image.</summary>
    /// <param name="list">The index.</param>
    /// <param name="digest">The image's manifest.</param>
    /// <param name="which">Which of them, NAME@DIGEST.</param>
    /// <returns>Those that are forgotten.</returns>
    public static IReadOnlyList<string> RemoveSources(List<Descriptor> list, string digest, Func<string, bool> which)
    {
        List<string> removed = [];
        for (var index = 0; index < list.Count; index++)
        {
            var entry = list[index];
            if (entry.Digest != digest)
            {
                continue;
            }

            List<string> kept = [];
            foreach (var source in entry.Sources())
            {
                if (!which(source))
                {
                    kept.Add(source);
                }
                else if (!removed.Contains(source))
                {
                    removed.Add(source);
                }
            }

            var annotations = new Dictionary<string, string>(entry.Annotations ?? [], StringComparer.Ordinal);
            annotations.Remove(StoreIndex.SourcesAnnotation);
            if (kept.Count > 0)
            {
                annotations[StoreIndex.SourcesAnnotation] = string.Join(' ', kept);
            }

            list[index] = entry with { Annotations = annotations };
        }

        return removed;
    }

    /// <summary>Notes what a registry calls an image, whatever its names here are.</summary>
    /// <param name="list">The index.</param>
    /// <param name="digest">The image's manifest.</param>
    /// <param name="source">NAME@DIGEST.</param>
    public static void AddSource(List<Descriptor> list, string digest, string source)
    {
        for (var index = 0; index < list.Count; index++)
        {
            var entry = list[index];
            if (entry.Digest == digest && Array.IndexOf(entry.Sources(), source) < 0)
            {
                list[index] = entry with
                {
                    Annotations = new(entry.Annotations!, StringComparer.Ordinal)
                    {
                        [StoreIndex.SourcesAnnotation] = string.Join(' ', [.. entry.Sources(), source]),
                    },
                };
            }
        }
    }
}

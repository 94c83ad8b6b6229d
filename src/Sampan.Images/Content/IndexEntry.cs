using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>What the descriptors of index.json mean to this store.</summary>
internal static class IndexEntry
{
    /// <summary>The full reference, docker.io/library/busybox:latest; null for an image without a name.</summary>
    public static string? Reference(this Descriptor entry) => entry.Annotation(AnnotationKeys.ReferenceName);

    public static string? Id(this Descriptor entry) => entry.Annotation(StoreIndex.IdAnnotation);

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
            if (former.Id() != id && !list.Exists(other => other.Digest == former.Digest))
            {
                list.Add(former.Named(null));
            }
        }

        list.RemoveAll(other => other.Id() == id && other.Reference() is null);
        list.Add(entry.Named(reference));
    }
}

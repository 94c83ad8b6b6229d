using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>
/// Docker's rules of what rmi may do (moby, daemon/images/image_delete.go), on the list of the index. By name: the name goes; the image
/// goes with its last name. By id: all names go, unless they are in several repositories.
/// </summary>
internal static class ImageRemoval
{
    private const int ShortId = 12;

    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>, in docker's words.</exception>
    public static List<RemovedImage> Apply(List<Descriptor> list, Descriptor entry, Digest id, string asked, bool force, ImageUser? user)
    {
        var named = list.FindAll(other => other.Identity() == entry.Identity() && other.Reference() is not null);
        List<RemovedImage> records = [];
        if (IsById(asked, id))
        {
            if (!force && CountRepositories(named) > 1)
            {
                throw Conflict(id, "must be forced", "image is referenced in multiple repositories");
            }

            CheckUser(id, force, user);
            Untag(list, named, records);
            Forget(list, entry, static _ => true, records);
        }
        else
        {
            var reference = ImageReference.Parse(asked);
            if (named.Count <= 1 && user is not null && !force)
            {
                throw SampanException.Conflict(
                    $"conflict: unable to remove repository reference \"{asked}\" (must force) - container {Short(user.ContainerId)} is using its referenced image {id.Hex[..ShortId]}");
            }

            var sources = entry.Sources();
            if (reference.Digest is null)
            {
                var mine = named.FindAll(other => other.Reference() == reference.ToString());
                Untag(list, mine, records);
                named.RemoveAll(mine.Contains);

                // With the last tag of a repository what its registry calls the image is forgotten.
                var isLast = !named.Exists(other => ImageReference.TryParse(other.Reference()!, out _)?.Name == reference.Name);
                entry = Forget(list, entry, source => isLast && source.StartsWith(reference.Name + "@", StringComparison.Ordinal), records);
            }
            else
            {
                entry = Forget(list, entry, source => source == $"{reference.Name}@{reference.Digest}", records);
                if (sources.Length == entry.Sources().Length)
                {
                    // By the digest of its manifest an image is known that no registry has.
                    Untag(list, named, records);
                    named.Clear();
                }
            }

            if (named.Count > 0)
            {
                return records;
            }

            if (entry.Sources().Length > 0)
            {
                list.RemoveAll(other => other.Digest == entry.Digest);
                list.Add(entry.Named(null));
                return records;
            }

            if (user is { Running: true })
            {
                // Docker leaves the image of a running container without a name.
                list.Add(entry.Named(null));
                return records;
            }
        }

        list.RemoveAll(other => other.Identity() == entry.Identity());
        if (user is not null)
        {
            var hidden = entry.Named(null);
            hidden.Annotations![StoreIndex.RemovedAnnotation] = "true";
            list.Add(hidden);
        }

        records.Add(new() { Deleted = id.Value });
        return records;
    }

    private static bool IsById(string asked, Digest id) =>
        id.Value.StartsWith(asked, StringComparison.Ordinal) || id.Hex.StartsWith(asked, StringComparison.Ordinal);

    private static void CheckUser(Digest id, bool force, ImageUser? user)
    {
        if (user is { Running: true })
        {
            throw Conflict(id, "cannot be forced", $"image is being used by running container {Short(user.ContainerId)}");
        }

        if (user is not null && !force)
        {
            throw Conflict(id, "must be forced", $"image is being used by stopped container {Short(user.ContainerId)}");
        }
    }

    private static void Untag(List<Descriptor> list, List<Descriptor> entries, List<RemovedImage> records)
    {
        foreach (var entry in entries)
        {
            list.Remove(entry);
            records.Add(new() { Untagged = ImageReference.TryParse(entry.Reference()!, out _)?.Familiar ?? entry.Reference() });
        }
    }

    /// <returns>The entry without what was forgotten.</returns>
    private static Descriptor Forget(List<Descriptor> list, Descriptor entry, Func<string, bool> which, List<RemovedImage> records)
    {
        List<Descriptor> own = [entry];
        IndexEntry.RemoveSources(list, entry.Digest!, which);
        foreach (var source in IndexEntry.RemoveSources(own, entry.Digest!, which))
        {
            records.Add(new() { Untagged = ImageReference.TryParse(source, out _)?.Familiar ?? source });
        }

        return own[0];
    }

    private static int CountRepositories(List<Descriptor> named)
    {
        HashSet<string> repositories = new(StringComparer.Ordinal);
        foreach (var entry in named)
        {
            repositories.Add(ImageReference.TryParse(entry.Reference()!, out _)?.Name ?? entry.Reference()!);
        }

        return repositories.Count;
    }

    private static SampanException Conflict(Digest id, string force, string reason) =>
        SampanException.Conflict($"conflict: unable to delete {id.Hex[..ShortId]} ({force}) - {reason}");

    private static string Short(string containerId) => containerId.Length > ShortId ? containerId[..ShortId] : containerId;
}

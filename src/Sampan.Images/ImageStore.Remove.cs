using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>
    /// Takes a name away, and deletes the image when that was its last, as docker rmi does. An image removed by force from under a stopped
    /// container is hidden, and its content stays until <see cref="Collect"/> finds that container gone.
    /// </summary>
    /// <param name="image">Name, id, or the beginning of an id.</param>
    /// <param name="force">Also when a stopped container uses it, and by id also when it has names in several repositories.</param>
    /// <param name="usedByContainer">A container that uses the image with this id, a running one rather than a stopped one; null when none does.</param>
    /// <returns>What was done, in docker's order.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>; <see cref="ErrorKind.Conflict"/> in docker's words.</exception>
    public IReadOnlyList<RemovedImage> Remove(string image, bool force, Func<string, ImageUser?> usedByContainer)
    {
        List<RemovedImage> records = [];
        IReadOnlyList<string> diffIds = [];
        _index.Update(list =>
        {
            var entry = ImageLookup.Find(list, image) ?? throw NoSuchImage(image);
            var id = IdOf(entry);
            var user = usedByContainer(id.Value);
            records = ImageRemoval.Apply(list, entry, id, image, force, user);
            if (records.Exists(record => record.Deleted is not null))
            {
                diffIds = DiffIdsOf(id);
            }

            DropUnused(list, usedByContainer);
            return true;
        });
        AddChains(records, diffIds, GarbageCollector.TryCollect(_paths, _index, _blobs));
        return records;
    }

    /// <summary>Deletes the content of images that were removed by force and that no container uses any more. Cheap when there are none.</summary>
    /// <param name="usedByContainer">A container that uses the image with this id; null when none does.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Collect(Func<string, ImageUser?> usedByContainer)
    {
        if (!_index.Read().Exists(entry => entry.IsRemoved()))
        {
            return;
        }

        var dropped = false;
        _index.Update(list => dropped = DropUnused(list, usedByContainer));
        if (dropped)
        {
            GarbageCollector.TryCollect(_paths, _index, _blobs);
        }
    }

    private static bool DropUnused(List<Descriptor> list, Func<string, ImageUser?> usedByContainer) =>
        list.RemoveAll(entry => entry.IsRemoved() && (entry.Id() is not { } id || usedByContainer(id) is null)) > 0;

    private static void AddChains(List<RemovedImage> records, IReadOnlyList<string> diffIds, IReadOnlyList<Digest> removed)
    {
        HashSet<string> gone = new(StringComparer.Ordinal);
        foreach (var layer in removed)
        {
            gone.Add(layer.Value);
        }

        var chains = LayerChain.Ids(diffIds);
        for (var index = chains.Count - 1; index >= 0; index--)
        {
            if (gone.Contains(diffIds[index]))
            {
                records.Add(new() { Deleted = chains[index] });
            }
        }
    }

    private IReadOnlyList<string> DiffIdsOf(Digest id)
    {
        // A damaged image must be removable.
        try
        {
            return _blobs.ReadDocument(id, "image " + id, ImageJson.ImageDocument).RootFileSystem?.DiffIds ?? [];
        }
        catch (SampanException)
        {
            return [];
        }
    }
}

using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Engine.Volumes;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Storage;

/// <summary>Reads every record of the state and finds what is damaged, and what belongs to nobody. Changes nothing.</summary>
/// <param name="paths">Where.</param>
/// <param name="images">The images.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="networks">The networks.</param>
/// <param name="recovery">Who looks after containers without a monitor.</param>
/// <param name="digests">Compares all blobs with their digests too, which reads all of them.</param>
internal sealed partial class StateCheck(EnginePaths paths, ImageStore images, VolumeStore volumes, NetworkStore networks, ContainerRecovery recovery, bool digests)
{
    private readonly List<StateProblem> _problems = [];
    private readonly ContainerNames _names = new(paths);
    private readonly HashSet<string> _containers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _layers = new(StringComparer.Ordinal);
    private bool _anyDamaged;

    /// <summary>Checks all.</summary>
    /// <returns>What was found, containers first.</returns>
    public IReadOnlyList<StateProblem> Run()
    {
        foreach (var entry in FileTree.List(paths.Containers))
        {
            if (entry.Name.Bytes[0] != (byte)'.')
            {
                CheckContainer(entry.Name.ToString());
            }
        }

        CheckNames();
        CheckVolumes();
        CheckNetworks();
        CheckRunDirectories();
        CheckImages();
        CheckContent();
        return _problems;
    }

    private void CheckNames()
    {
        foreach (var entry in FileTree.List(paths.Names))
        {
            var name = entry.Name.ToString();
            var owner = _names.Find(name);
            if (owner is not null && !_containers.Contains(owner))
            {
                Add($"name {name}", $"belongs to container {owner}, which is not there", "give it free", () => _names.Release(name, owner));
            }
            else if (owner is null && !_names.IsLink(name))
            {
                Add($"name {name}", "is no link to a container", "remove it", () => _names.RemoveDamaged(name));
            }
        }
    }

    private void CheckVolumes()
    {
        foreach (var entry in FileTree.List(paths.Volumes))
        {
            var name = entry.Name.ToString();
            if (name[0] == '.')
            {
                continue;
            }

            try
            {
                if (volumes.TryFind(name) is null)
                {
                    Add($"volume {name}", "has no record", "record it as a volume; its data stays", () => volumes.Create(new VolumeCreateRequest { Name = name }));
                }
            }
            catch (SampanException problem) when (problem.Kind == ErrorKind.Internal)
            {
                Add($"volume {name}", "its record is damaged", "record it anew without labels and options; its data stays", () =>
                {
                    FileTree.Remove($"{paths.Volumes}/{name}/volume.json");
                    volumes.Create(new VolumeCreateRequest { Name = name });
                });
            }
        }
    }

    private void CheckNetworks()
    {
        foreach (var name in networks.Names())
        {
            try
            {
                _ = networks.TryRead(name);
            }
            catch (SampanException problem) when (problem.Kind == ErrorKind.Internal)
            {
                Add($"network {name}", "its record is damaged", "remove it", () => FileTree.Remove($"{paths.Networks}/{name}.json"));
            }
        }
    }

    private void CheckRunDirectories()
    {
        foreach (var entry in FileTree.List(paths.State))
        {
            var id = entry.Name.ToString();
            if (ContainerId.IsFull(id) && !_containers.Contains(id))
            {
                Add($"run directory {id}", "belongs to no container", "remove it", () => FileTree.Remove(paths.Run(id)));
            }
        }
    }

    private void CheckImages()
    {
        try
        {
            foreach (var (image, problem, remedy, repair) in images.Check())
            {
                Add(image, problem, remedy, repair);
            }
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.Internal or ErrorKind.InvalidArgument)
        {
            Add("images", problem.Message, null, null);
        }
    }

    private void CheckContent()
    {
        // What a container uses whose record is damaged nobody knows: nothing is an orphan before that is repaired.
        if (!_anyDamaged && images.FindOrphans(_layers) is { } orphans)
        {
            foreach (var blob in orphans.Blobs)
            {
                Add($"blob {blob}", "belongs to no image", "remove it", RemoveOrphans);
            }

            foreach (var layer in orphans.Layers)
            {
                Add($"layer {layer}", "belongs to no image and no container", "remove it", RemoveOrphans);
            }
        }

        foreach (var blob in digests ? images.FindWrongDigests() : [])
        {
            var users = string.Join(", ", images.ImagesWith(blob));
            Add($"blob {blob}", $"its content is not what its digest says: remove {(users.Length == 0 ? "the image it belongs to" : users)} (rmi), and load that again", null, null);
        }
    }

    // All at once, with what the first problem of this kind found: a second time there is nothing left.
    private void RemoveOrphans()
    {
        if (images.FindOrphans(_layers, remove: true) is null)
        {
            throw SampanException.Conflict("somebody is writing images: repair again when that is done");
        }
    }

    private void Add(string what, string problem, string? remedy, Action? repair) => _problems.Add(new(what, problem, remedy, repair));
}

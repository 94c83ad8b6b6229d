using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>What images, containers and volumes take on the disk, in docker's four lines.</summary>
    /// <returns>The lines.</returns>
    /// <exception cref="LinuxException">A directory cannot be read.</exception>
    public IReadOnlyList<DiskUsage> MeasureDisk()
    {
        var containers = Containers.List();
        return [UsageOfImages(containers), UsageOfContainers(containers), UsageOfVolumes(), new("Build Cache", 0, 0, 0, 0)];
    }

    /// <summary>Removes images no container uses, as docker image prune.</summary>
    /// <param name="named">Those with a name too.</param>
    /// <param name="wanted">Which of them.</param>
    /// <returns>What was done, in docker's order, and the bytes that were given back, as du counts them.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public (IReadOnlyList<RemovedImage> Records, long Size) RemoveUnusedImages(bool named, Func<StoredImage, bool> wanted)
    {
        List<RemovedImage> records = [];
        var all = Images.List();
        var usage = Images.MeasureDisk(all);
        usage.Measure();
        foreach (var image in all)
        {
            if ((image.References.Count == 0 || named) && wanted(image) && FindImageUser(image.Id) is null)
            {
                Remove(image, records);
            }
        }

        var size = usage.Gone();
        Events.Write("image", "prune", "", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["reclaimed"] = size.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        return (records, size);
    }

    private void Remove(StoredImage image, List<RemovedImage> records)
    {
        try
        {
            foreach (var name in image.References.Count == 0 ? [image.Id] : image.RepoTags)
            {
                records.AddRange(Images.Remove(name, force: false, FindImageUser));
            }
        }
        catch (SampanException problem) when (problem.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            // Used, or removed by another, since it was looked at.
            return;
        }
    }

    private DiskUsage UsageOfImages(IReadOnlyList<Container> containers)
    {
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (var container in containers)
        {
            used.Add(container.ImageId);
        }

        List<StoredImage> active = [];
        var images = Images.List();
        foreach (var image in images)
        {
            if (used.Contains(image.Id))
            {
                active.Add(image);
            }
        }

        var usage = Images.MeasureDisk(images);
        var size = usage.Of(images);
        return new("Images", images.Count, active.Count, size, size - usage.Of(active));
    }

    private static DiskUsage UsageOfContainers(IReadOnlyList<Container> containers)
    {
        var usage = new DiskUsage("Containers", containers.Count, 0, 0, 0);
        foreach (var container in containers)
        {
            var size = TreeSize.Of(container.UpperDirectory);
            var running = container.State.Running;
            usage = usage with
            {
                Active = usage.Active + (running ? 1 : 0),
                Size = usage.Size + size,
                Reclaimable = usage.Reclaimable + (running ? 0 : size),
            };
        }

        return usage;
    }

    private DiskUsage UsageOfVolumes()
    {
        var volumes = Volumes.List();
        var usage = new DiskUsage("Local Volumes", volumes.Count, 0, 0, 0);
        foreach (var volume in volumes)
        {
            var size = TreeSize.Of(volume.Mountpoint);
            var used = Volumes.UsersOf(volume.Name).Count > 0;
            usage = usage with
            {
                Active = usage.Active + (used ? 1 : 0),
                Size = usage.Size + size,
                Reclaimable = usage.Reclaimable + (used ? 0 : size),
            };
        }

        return usage;
    }
}

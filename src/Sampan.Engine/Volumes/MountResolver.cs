using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

/// <summary>Turns -v arguments and an image's volumes into mount points, making what is not there yet: volumes, and directories to bind.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="make">False to say only what would be: for --explain.</param>
internal sealed class MountResolver(VolumeStore volumes, bool make = true)
{
    private readonly List<MountPoint> _mounts = [];
    private readonly List<string> _anonymous = [];
    private readonly List<MountPoint> _toFill = [];

    /// <summary>In the order in which they are mounted: what lies deeper comes later.</summary>
    public IReadOnlyList<MountPoint> Mounts => _mounts;

    /// <summary>Volumes made for this container alone.</summary>
    public IReadOnlyList<string> AnonymousVolumes => _anonymous;

    /// <summary>Volumes that get the image's files at their destination if they are empty.</summary>
    public IReadOnlyList<MountPoint> ToFill => _toFill;

    /// <summary>True when nothing has to be made: no lock is needed.</summary>
    public static bool NeedsNothing(ContainerConfig config, HostConfig host) => host.Binds is not { Count: > 0 } && config.Volumes is not { Count: > 0 };

    /// <summary>Resolves all. The caller holds <see cref="VolumeStore.Lock"/> where things are made.</summary>
    /// <exception cref="SampanException">InvalidArgument: an argument makes no sense, or two have one destination.</exception>
    public void Resolve(ContainerConfig config, HostConfig host)
    {
        foreach (var text in host.Binds ?? [])
        {
            Add(BindSpecification.Parse(text));
        }

        foreach (var path in config.Volumes?.Keys ?? [])
        {
            var destination = BindSpecification.NormalizePath(path);
            if (!IsTaken(destination) && host.Tmpfs?.ContainsKey(destination) != true)
            {
                Add(BindSpecification.Parse(destination));
            }
        }

        // List.Sort is not stable; mounts of one depth do not hide each other, so their order is free.
        _mounts.Sort(static (left, right) => Depth(left.Destination).CompareTo(Depth(right.Destination)));
    }

    private static int Depth(string path) => path.AsSpan().Count('/');

    private void Add(BindSpecification bind)
    {
        if (IsTaken(bind.Destination))
        {
            throw SampanException.InvalidArgument($"Duplicate mount point: {bind.Destination}");
        }

        if (bind.IsHostPath)
        {
            AddHostPath(bind);
        }
        else
        {
            AddVolume(bind);
        }
    }

    private void AddHostPath(BindSpecification bind)
    {
        // As docker's -v (not --mount): a source that is not there becomes a directory.
        if (make && FileDescriptor.TryStatus(bind.Source) is null)
        {
            try
            {
                FileTree.MakeDirectories(bind.Source);
            }
            catch (LinuxException exception)
            {
                throw SampanException.InvalidArgument($"error while creating mount source path '{bind.Source}': {exception.Message}");
            }
        }

        _mounts.Add(new MountPoint
        {
            Source = bind.Source,
            Destination = bind.Destination,
            Mode = bind.Mode,
            RW = !bind.ReadOnly,
            Propagation = bind.Propagation.Length > 0 ? bind.Propagation : "rprivate",
        });
    }

    private void AddVolume(BindSpecification bind)
    {
        var request = new VolumeCreateRequest { Name = bind.Source };
        var volume = make ? volumes.CreateLocked(request) : volumes.Foresee(request);
        if (bind.Source.Length == 0)
        {
            _anonymous.Add(volume.Name);
        }

        var mount = new MountPoint
        {
            Type = "volume",
            Name = volume.Name,
            Driver = "local",
            Source = volume.Mountpoint,
            Destination = bind.Destination,
            Mode = bind.Mode,
            RW = !bind.ReadOnly,
        };
        _mounts.Add(mount);
        if (!bind.NoCopy)
        {
            _toFill.Add(mount);
        }
    }

    private bool IsTaken(string destination)
    {
        foreach (var mount in _mounts)
        {
            if (mount.Destination == destination)
            {
                return true;
            }
        }

        return false;
    }
}

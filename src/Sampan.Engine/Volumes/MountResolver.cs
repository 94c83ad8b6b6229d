using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

/// <summary>
/// Turns --volumes-from, -v, --mount and an image's volumes into mount points, making what is not there yet: volumes, and directories to bind.
/// </summary>
/// <param name="volumes">The volumes.</param>
/// <param name="containers">Whose volumes --volumes-from takes.</param>
/// <param name="make">False to say only what would be: for --explain.</param>
internal sealed partial class MountResolver(VolumeStore volumes, ContainerStore containers, bool make = true)
{
    private readonly List<MountPoint> _mounts = [];
    private readonly List<string> _anonymous = [];
    private readonly List<MountPoint> _toFill = [];
    private readonly Dictionary<string, MountDetail> _details = new(StringComparer.Ordinal);
    private readonly HashSet<string> _borrowed = new(StringComparer.Ordinal);
    private string _driver = "";

    /// <summary>In the order in which they are mounted: what lies deeper comes later.</summary>
    public IReadOnlyList<MountPoint> Mounts => _mounts;

    /// <summary>What mounts need beyond that, by destination; null where none does.</summary>
    public IReadOnlyDictionary<string, MountDetail>? Details => _details.Count > 0 ? _details : null;

    /// <summary>Volumes made for this container alone.</summary>
    public IReadOnlyList<string> AnonymousVolumes => _anonymous;

    /// <summary>Volumes that get the image's files at their destination if they are empty.</summary>
    public IReadOnlyList<MountPoint> ToFill => _toFill;

    /// <summary>True when nothing has to be made: no lock is needed.</summary>
    public static bool NeedsNothing(ContainerConfig config, HostConfig host) =>
        host.Binds is not { Count: > 0 } && host.Mounts is not { Count: > 0 } && host.VolumesFrom is not { Count: > 0 } && config.Volumes is not { Count: > 0 };

    /// <summary>Resolves all. The caller holds <see cref="VolumeStore.Lock"/> where things are made.</summary>
    /// <exception cref="SampanException">InvalidArgument: an argument makes no sense, or two have one destination. NotFound: a container to take volumes from.</exception>
    public void Resolve(ContainerConfig config, HostConfig host)
    {
        _driver = host.VolumeDriver;
        foreach (var text in host.VolumesFrom ?? [])
        {
            Borrow(text);
        }

        foreach (var text in host.Binds ?? [])
        {
            Add(BindSpecification.Parse(text));
        }

        foreach (var request in host.Mounts ?? [])
        {
            Add(request);
        }

        foreach (var path in config.Volumes?.Keys ?? [])
        {
            var destination = BindSpecification.NormalizePath(path);
            if (!IsTaken(destination) && host.Tmpfs?.ContainsKey(destination) != true && !IsTmpfs(host, destination))
            {
                Add(BindSpecification.Parse(destination));
            }
        }

        // List.Sort is not stable; mounts of one depth do not hide each other, so their order is free.
        _mounts.Sort(static (left, right) => Depth(left.Destination).CompareTo(Depth(right.Destination)));
    }

    private static int Depth(string path) => path.AsSpan().Count('/');

    private static bool IsTmpfs(HostConfig host, string destination)
    {
        foreach (var request in host.Mounts ?? [])
        {
            if (request.Type == "tmpfs" && BindSpecification.NormalizePath(request.Target) == destination)
            {
                return true;
            }
        }

        return false;
    }

    // All of another container's volumes and bind mounts, where it has them.
    private void Borrow(string text)
    {
        var colon = text.LastIndexOf(':');
        var mode = colon < 0 ? "" : text[(colon + 1)..];
        if (mode is not ("" or "ro" or "rw" or "z" or "Z"))
        {
            throw SampanException.InvalidArgument($"invalid mode: {mode}");
        }

        var donor = containers.Find(colon < 0 ? text : text[..colon]);
        foreach (var mount in donor.Mounts)
        {
            if (IsTaken(mount.Destination))
            {
                continue;
            }

            _mounts.Add(mount with { RW = mount.RW && mode != "ro", Mode = mode });
            _borrowed.Add(mount.Destination);
            if (donor.Record.MountDetails?.GetValueOrDefault(mount.Destination) is { } detail)
            {
                _details[mount.Destination] = detail;
            }
        }
    }

    private void Add(BindSpecification bind)
    {
        Claim(bind.Destination);
        if (bind.IsHostPath)
        {
            AddHostPath(bind);
        }
        else
        {
            AddVolume(
                new VolumeCreateRequest { Name = bind.Source, Driver = _driver },
                new MountPoint { Destination = bind.Destination, Mode = bind.Mode, RW = !bind.ReadOnly },
                bind.NoCopy,
                new MountDetail { IdMap = bind.IdMap });
        }
    }

    private void AddHostPath(BindSpecification bind)
    {
        // As docker's -v (not --mount): a source that is not there becomes a directory.
        if (FileDescriptor.TryStatus(bind.Source) is null)
        {
            MakeSource(bind.Source);
        }

        AddPoint(
            new MountPoint
            {
                Source = bind.Source,
                Destination = bind.Destination,
                Mode = bind.Mode,
                RW = !bind.ReadOnly,
                Propagation = bind.Propagation.Length > 0 ? bind.Propagation : "rprivate",
            },
            new MountDetail { IdMap = bind.IdMap });
    }

    private void MakeSource(string path)
    {
        if (!make)
        {
            return;
        }

        try
        {
            FileTree.MakeDirectories(path);
        }
        catch (LinuxException exception)
        {
            throw SampanException.InvalidArgument($"error while creating mount source path '{path}': {exception.Message}");
        }
    }

    private void AddVolume(VolumeCreateRequest request, MountPoint mount, bool noCopy, MountDetail detail)
    {
        var volume = make ? volumes.CreateLocked(request) : volumes.Foresee(request);
        if (string.IsNullOrEmpty(request.Name))
        {
            _anonymous.Add(volume.Name);
        }

        var own = LocalDriver.DetailOf(volume.Record);
        if (own is not null && detail.Subpath.Length > 0)
        {
            throw SampanException.InvalidArgument($"volume {volume.Name} is mounted by its options: it has no subpaths before it is");
        }

        var whole = mount with { Type = "volume", Name = volume.Name, Driver = "local", Source = volume.Mountpoint };
        AddPoint(whole, own is null ? detail : own with { IdMap = detail.IdMap });
        if (!noCopy && own is null && detail.Subpath.Length == 0)
        {
            _toFill.Add(whole);
        }
    }

    private void AddPoint(MountPoint mount, MountDetail detail)
    {
        _mounts.Add(mount);
        if (!detail.IsPlain)
        {
            _details[mount.Destination] = detail;
        }
    }

    // What the user says himself takes the place of what another container has there.
    private void Claim(string destination)
    {
        if (_borrowed.Remove(destination))
        {
            _mounts.RemoveAll(mount => mount.Destination == destination);
            _details.Remove(destination);
        }

        if (IsTaken(destination))
        {
            throw SampanException.InvalidArgument($"Duplicate mount point: {destination}");
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

using Sampan.Engine.Containers;
using Sampan.Engine.Volumes;
using Sampan.Linux.Mounts;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Explanations;

/// <summary>The mounts of a container: which it was to have, and which it has besides.</summary>
/// <param name="record">What was asked for.</param>
/// <param name="spec">What a start mounts.</param>
/// <param name="places">Where the paths of bind mounts lead now, by path.</param>
internal sealed class MountFacts(ContainerRecord record, RuntimeSpec spec, IReadOnlyDictionary<string, MountPlace> places)
{
    private const string CgroupMount = "/sys/fs/cgroup";

    private readonly List<Fact> _facts = [];
    private readonly HashSet<int> _known = [];

    /// <summary>Compares.</summary>
    /// <param name="mounts">What there is.</param>
    public List<Fact> Of(IReadOnlyList<MountEntry> mounts)
    {
        AddRoot(mounts);
        foreach (var mount in spec.Mounts ?? [])
        {
            Add(mount, Find(mounts, mount.Destination));
        }

        foreach (var entry in mounts)
        {
            if (!_known.Contains(entry.Id))
            {
                AddOther(entry);
            }
        }

        return _facts;
    }

    // The last mount on a path covers those before it.
    private MountEntry? Find(IReadOnlyList<MountEntry> mounts, string path)
    {
        MountEntry? found = null;
        foreach (var entry in mounts)
        {
            if (entry.Path == path || (places.TryGetValue(path, out var place) && place.MountId == entry.Id && entry.Path != "/"))
            {
                found = entry;
            }
        }

        return found;
    }

    private void AddRoot(IReadOnlyList<MountEntry> mounts)
    {
        if (Find(mounts, "/") is not { } root)
        {
            return;
        }

        _known.Add(root.Id);
        var origin = record.HostConfig.Rootfs is { } directory ? $"--rootfs {directory}" : $"image {record.Config.Image}: {record.Layers.Count} layers below, what the container writes on top";
        AddChecked("/", root, $"{root.FileSystem} {Mode(root)}", record.HostConfig.ReadonlyRootfs, record.HostConfig.ReadonlyRootfs ? origin + "; --read-only" : origin);
    }

    private void Add(RuntimeMount mount, MountEntry? entry)
    {
        var origin = Origin(mount.Destination);
        if (entry is null)
        {
            _facts.Add(new Fact { Name = mount.Destination, Value = "not mounted", Origin = origin, Asked = What(mount), Changed = true });
            return;
        }

        _known.Add(entry.Id);
        var readOnly = mount.Options is { } options && (options.Contains("ro") || options.Contains("rro"));
        var value = mount.Type == "bind" ? $"{What(mount)} {Mode(entry)}" : $"{entry.FileSystem} {Mode(entry)}{Size(entry)}";
        if (mount.Type == "bind" && places.TryGetValue(mount.Destination, out var place) && place.IsSource == false)
        {
            _facts.Add(new Fact
            {
                Name = mount.Destination,
                Value = $"another file than {mount.Source} {Mode(entry)}",
                Origin = origin,
                Asked = $"{What(mount)}, which was replaced on the host since: restart the container to see the new one",
                Changed = true,
            });
            return;
        }

        AddChecked(mount.Destination, entry, value, readOnly, origin);
    }

    private void AddChecked(string name, MountEntry entry, string value, bool readOnly, string origin) =>
        _facts.Add(Fact.Of(name, value, readOnly ? "ro" : "rw", origin, readOnly == (Mode(entry) == "ro")));

    private void AddOther(MountEntry entry)
    {
        if (spec.Linux?.MaskedPaths?.Contains(entry.Path) == true || spec.Linux?.ReadonlyPaths?.Contains(entry.Path) == true)
        {
            // Those are told by themselves.
            return;
        }

        var value = $"{entry.FileSystem} {Mode(entry)}";
        if (entry.Path.StartsWith(CgroupMount + "/", StringComparison.Ordinal))
        {
            _facts.Add(new Fact { Name = entry.Path, Value = value, Origin = "every container has it: its own group in this tree" });
        }
        else if (entry.Path == "/dev/console" && spec.Process?.Terminal == true)
        {
            _facts.Add(new Fact { Name = entry.Path, Value = value, Origin = "--tty" });
        }
        else if (Above(entry.Path) is { } bind)
        {
            _facts.Add(new Fact { Name = entry.Path, Value = value, Origin = $"mounted below {bind.Source}: came with {bind.Destination}" });
        }
        else
        {
            _facts.Add(new Fact { Name = entry.Path, Value = value, Origin = "mounted in the container", Asked = "nothing", Changed = true });
        }
    }

    private RuntimeMount? Above(string path)
    {
        foreach (var mount in spec.Mounts ?? [])
        {
            if (mount.Options?.Contains("rbind") == true && path.StartsWith(mount.Destination + "/", StringComparison.Ordinal))
            {
                return mount;
            }
        }

        return null;
    }

    private string What(RuntimeMount mount)
    {
        foreach (var point in record.Mounts)
        {
            if (point.Destination == mount.Destination && point.Name is { } volume)
            {
                return $"volume {volume}";
            }
        }

        return mount.Type == "bind" ? $"bind of {mount.Source}" : mount.Type ?? "";
    }

    private static string Mode(MountEntry entry) => entry.Options.StartsWith("ro", StringComparison.Ordinal) ? "ro" : "rw";

    private static string Size(MountEntry entry)
    {
        foreach (var option in entry.SuperOptions.Split(','))
        {
            if (option.StartsWith("size=", StringComparison.Ordinal))
            {
                return " " + option;
            }
        }

        return "";
    }

    private string Origin(string path)
    {
        var host = record.HostConfig;
        foreach (var bind in host.Binds ?? [])
        {
            if (BindSpecification.Parse(bind).Destination == path)
            {
                return $"--volume {bind}";
            }
        }

        foreach (var request in host.Mounts ?? [])
        {
            if (BindSpecification.NormalizePath(request.Target) == path)
            {
                return $"--mount type={request.Type},dst={request.Target}";
            }
        }

        foreach (var (target, options) in host.Tmpfs ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (BindSpecification.NormalizePath(target) == path)
            {
                return options.Length > 0 ? $"--tmpfs {target}:{options}" : $"--tmpfs {target}";
            }
        }

        foreach (var point in record.Mounts)
        {
            if (point.Destination == path)
            {
                return record.Config.Volumes?.ContainsKey(path) == true ? $"image {record.Config.Image}: VOLUME {path}" : $"--volumes-from {string.Join(" --volumes-from ", host.VolumesFrom ?? [])}";
            }
        }

        return path switch
        {
            "/dev/shm" when host.IpcMode is not ("private" or "shareable") => $"--ipc {host.IpcMode}",
            "/dev/shm" when host.ShmSize != new HostConfig().ShmSize => $"--shm-size {host.ShmSize}",
            "/etc/hosts" or "/etc/hostname" or "/etc/resolv.conf" => "every container has it: written at each start",
            _ => "every container has it",
        };
    }
}

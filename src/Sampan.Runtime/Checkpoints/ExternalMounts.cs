using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Checkpoints;

/// <summary>
/// Mounts whose files are the host's: bind mounts, and what covers masked files. A dump gives each a name, under which the restore says what
/// is to be mounted there now. The names are runc's.
/// </summary>
/// <param name="spec">The specification.</param>
/// <param name="cgroup">The container's group: without a cgroup namespace its directories are bound too.</param>
internal sealed class ExternalMounts(RuntimeSpec spec, CgroupPlacement cgroup)
{
    private const string NullDevice = "/dev/null";

    private bool HasCgroupNamespace => HasNamespace("cgroup");

    /// <summary>Whether a mount shows files of the host.</summary>
    /// <param name="mount">The mount.</param>
    /// <returns>True for a bind mount that is no mere change of another.</returns>
    public static bool IsBind(RuntimeMount mount)
    {
        var options = MountOptions.Parse(mount.Options);
        return (options.Bind || mount.Type == "bind") && !options.Remount;
    }

    /// <summary>What a dump names.</summary>
    /// <param name="pid">The container's first process.</param>
    /// <returns>Where they are mounted, links followed, and their names.</returns>
    /// <exception cref="LinuxException">The process is gone.</exception>
    public IReadOnlyList<(string Key, string Value)> OfDump(int pid)
    {
        using var root = FileDescriptor.Open($"/proc/{pid}/root", OpenFlags.Path | OpenFlags.Directory);
        using var descriptors = FileDescriptor.Open("/proc/self/fd", OpenFlags.Path | OpenFlags.Directory);
        var mounts = new List<(string, string)>();
        foreach (var (name, _) in Sources())
        {
            Add(name, name, filesOnly: false);
        }

        foreach (var path in spec.Linux?.MaskedPaths ?? [])
        {
            Add(path, NullDevice, filesOnly: true);
        }

        return mounts;

        void Add(string path, string name, bool filesOnly)
        {
            using var place = root.TryOpenBeneath(path, OpenFlags.Path);
            if (place is not null && !(filesOnly && place.Status().IsDirectory))
            {
                mounts.Add((descriptors.ReadLink(place.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToString(), name));
            }
        }
    }

    /// <summary>What a restore mounts.</summary>
    /// <returns>Names, and paths of the host.</returns>
    public IReadOnlyList<(string Key, string Value)> OfRestore()
    {
        var mounts = Sources();
        if (spec.Linux?.MaskedPaths is { Count: > 0 })
        {
            mounts.Add((NullDevice, NullDevice));
        }

        return mounts;
    }

    private List<(string Name, string Source)> Sources()
    {
        var sources = new List<(string, string)>();
        foreach (var mount in spec.Mounts ?? [])
        {
            var destination = mount.Destination.TrimEnd('/');
            if (IsBind(mount))
            {
                sources.Add((destination, mount.Source!));
            }
            else if (mount.Type is "cgroup" or "cgroup2" && !HasCgroupNamespace)
            {
                foreach (var view in cgroup.Views)
                {
                    sources.Add((view.Name.Length == 0 ? destination : $"{destination}/{view.Name}", view.Directory));
                }
            }
        }

        // mknod(2) is refused in a user namespace: there the devices are bound.
        if (HasNamespace("user"))
        {
            foreach (var device in DeviceNodes.Of(spec.Linux))
            {
                sources.Add((device.Path, device.Path));
            }
        }

        return sources;
    }

    private bool HasNamespace(string type)
    {
        foreach (var item in spec.Linux?.Namespaces ?? [])
        {
            if (item.Type == type)
            {
                return true;
            }
        }

        return false;
    }
}

using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>Devices of a container beyond the standard nodes, and the rules that say what it may do with any.</summary>
internal sealed class DeviceSpecs
{
    /// <summary>Directories of /dev that are file systems of their own, made anew in each container.</summary>
    private static readonly string[] NotDevices = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console"];

    private readonly List<RuntimeDevice> _devices = [];
    private readonly List<RuntimeDeviceRule> _rules = [];
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    private DeviceSpecs()
    {
    }

    /// <summary>Nodes to make.</summary>
    public IReadOnlyList<RuntimeDevice> Devices => _devices;

    /// <summary>Where the host has the nodes, by their path in the container.</summary>
    public IReadOnlyDictionary<string, string> Sources => _sources;

    /// <summary>Rules in order.</summary>
    public IReadOnlyList<RuntimeDeviceRule> Rules => _rules;

    /// <summary>Collects devices and rules.</summary>
    /// <param name="host">--device and --privileged.</param>
    /// <returns>Both.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a path that is not there or no device; bad letters.</exception>
    public static DeviceSpecs Of(HostConfig host)
    {
        var specs = new DeviceSpecs();
        if (host.Privileged)
        {
            specs._rules.Add(new() { Allow = true, Access = "rwm" });
            specs.AddTree("/dev", "/dev", null);
        }
        else
        {
            specs.AddStandardRules();
        }

        for (var index = 0; index < (host.Devices?.Count ?? 0); index++)
        {
            specs.Add(host.Devices![index], host.Privileged);
        }

        foreach (var text in host.DeviceCgroupRules ?? [])
        {
            specs._rules.Add(DeviceRuleText.TryParse(text) ?? throw SampanException.InvalidArgument($"invalid device cgroup rule format: '{text}'"));
        }

        return specs;
    }

    private void AddStandardRules()
    {
        // Everything may be made, little be opened: what a node is good for is decided here, not by who can mknod.
        _rules.Add(new() { Allow = false, Access = "rwm" });
        Allow("c", null, null, "m");
        Allow("b", null, null, "m");
        foreach (var minor in (ReadOnlySpan<long>)[3, 5, 7, 8, 9])
        {
            Allow("c", 1, minor, "rwm");
        }

        // /dev/tty, /dev/ptmx and every pseudo terminal.
        Allow("c", 5, 0, "rwm");
        Allow("c", 5, 2, "rwm");
        Allow("c", 136, null, "rwm");
    }

    private void Allow(string type, long? major, long? minor, string access) =>
        _rules.Add(new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access });

    private void Add(DeviceMapping mapping, bool privileged)
    {
        var access = mapping.CgroupPermissions.Length > 0 ? mapping.CgroupPermissions : "rwm";
        if (!DeviceAccessLetters.TryParse(access, out _))
        {
            throw SampanException.InvalidArgument($"bad mode specified: {access}: use letters of rwm");
        }

        var target = mapping.PathInContainer.Length > 0 ? mapping.PathInContainer : mapping.PathOnHost;
        FileStatus status;
        try
        {
            // Follows links, as /dev/disk/by-id and its like are links.
            using var node = FileDescriptor.Open(mapping.PathOnHost, OpenFlags.Path);
            status = node.Status();
        }
        catch (LinuxException error)
        {
            var reason = error.Errno == Errno.ENOENT ? "no such file or directory" : error.Message;
            throw new SampanException(
                ErrorKind.InvalidArgument,
                $"error gathering device information while adding custom device \"{mapping.PathOnHost}\": {reason}",
                error);
        }

        if (status.IsDirectory)
        {
            AddTree(mapping.PathOnHost, target, privileged ? null : access);
        }
        else if (!TryAdd(status, mapping.PathOnHost, target, privileged ? null : access))
        {
            throw SampanException.InvalidArgument(
                $"error gathering device information while adding custom device \"{mapping.PathOnHost}\": not a device node");
        }
    }

    private void AddTree(string source, string target, string? access)
    {
        foreach (var entry in FileTree.List(source))
        {
            var name = entry.Name.ToString();
            if (source == "/dev" && Array.IndexOf(NotDevices, name) >= 0)
            {
                continue;
            }

            // Gone between the listing and now: hot-plugged devices come and go.
            if (FileDescriptor.TryStatus($"{source}/{name}") is not { } status)
            {
                continue;
            }

            if (status.IsDirectory)
            {
                AddTree($"{source}/{name}", $"{target}/{name}", access);
            }
            else
            {
                TryAdd(status, $"{source}/{name}", $"{target}/{name}", access);
            }
        }
    }

    private bool TryAdd(FileStatus status, string source, string path, string? access)
    {
        if (status.Type is not (FileType.CharacterDevice or FileType.BlockDevice))
        {
            return false;
        }

        var type = status.Type == FileType.BlockDevice ? "b" : "c";
        _devices.RemoveAll(device => device.Path == path);
        _sources[path] = source;
        _devices.Add(new()
        {
            Path = path,
            Type = type,
            Major = status.DeviceMajor,
            Minor = status.DeviceMinor,
            FileMode = (uint)status.Permissions,
            Uid = status.UserId,
            Gid = status.GroupId,
        });
        if (access is not null)
        {
            Allow(type, status.DeviceMajor, status.DeviceMinor, access);
        }

        return true;
    }
}

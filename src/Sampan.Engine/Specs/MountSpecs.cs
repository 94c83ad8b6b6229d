using Sampan.Engine.Users;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>All mounts of a container: the defaults, then the user's from the shallowest to the deepest, as docker orders them.</summary>
internal static class MountSpecs
{
    private static readonly string[] NameFiles = ["resolv.conf", "hostname", "hosts"];

    /// <summary>Puts the mounts together.</summary>
    /// <param name="request">What the container is.</param>
    /// <param name="security">Its security options.</param>
    /// <returns>Mounts in the order they are made.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: two mounts on one path, or a malformed option.</exception>
    public static List<RuntimeMount> Of(RuntimeSpecRequest request, SecurityOptions security)
    {
        var user = UserMounts(request);
        var mounts = ContainerDefaults.Mounts(request.HostConfig.ShmSize);
        Adapt(mounts, request, security);
        mounts.RemoveAll(mount => IsReplaced(mount.Destination, user));
        mounts.AddRange(user);
        return mounts;
    }

    private static List<RuntimeMount> UserMounts(RuntimeSpecRequest request)
    {
        var mounts = new List<RuntimeMount>();
        foreach (var point in request.Mounts)
        {
            var detail = request.MountDetails?.GetValueOrDefault(point.Destination);
            var source = request.OpenedSources.GetValueOrDefault(point.Destination, point.Source);
            Insert(mounts, detail is null
                ? Bind(source, point.Destination, point.RW, point.Propagation)
                : DetailedMount.Of(point with { Source = source }, detail, request.User, ContainerIdMap.Of(request.HostConfig)));
        }

        foreach (var (destination, options) in request.HostConfig.Tmpfs ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!destination.StartsWith('/'))
            {
                throw SampanException.InvalidArgument($"invalid mount path: '{destination}' mount path must be absolute");
            }

            Insert(mounts, new() { Destination = destination, Type = "tmpfs", Source = "tmpfs", Options = TmpfsOptions.Merge(options) });
        }

        foreach (var mount in request.HostConfig.Mounts ?? [])
        {
            if (mount.Type == "tmpfs")
            {
                Insert(mounts, DetailedMount.Tmpfs(mount));
            }
        }

        foreach (var name in request.NameFiles is null ? [] : NameFiles)
        {
            if (!Has(mounts, "/etc/" + name))
            {
                Insert(mounts, Bind($"{request.NameFiles}/{name}", "/etc/" + name, !request.HostConfig.ReadonlyRootfs, "rprivate"));
            }
        }

        return mounts;
    }

    private static RuntimeMount Bind(string source, string destination, bool writable, string propagation)
    {
        // Read-only with all that is mounted below it, as docker does since 25: a submount would otherwise stay writable.
        List<string> options = writable ? ["rbind"] : ["rbind", "rro"];
        options.Add(propagation.Length > 0 ? propagation : "rprivate");
        return new() { Destination = destination, Type = "bind", Source = source, Options = options };
    }

    private static void Insert(List<RuntimeMount> mounts, RuntimeMount mount)
    {
        if (Has(mounts, mount.Destination))
        {
            throw SampanException.InvalidArgument($"Duplicate mount point: {mount.Destination}");
        }

        var depth = Depth(mount.Destination);
        var place = mounts.FindIndex(other => Depth(other.Destination) > depth);
        mounts.Insert(place < 0 ? mounts.Count : place, mount);
    }

    private static void Adapt(List<RuntimeMount> mounts, RuntimeSpecRequest request, SecurityOptions security)
    {
        var host = request.HostConfig;
        var donor = NamespaceSpecs.JoinedContainer(host.IpcMode) is null ? null : request.JoinedNamespaces.GetValueOrDefault("ipc");
        for (var index = mounts.Count - 1; index >= 0; index--)
        {
            var mount = mounts[index];
            mounts[index] = mount.Destination switch
            {
                "/sys" when host.Privileged => Without(mount, "ro"),
                "/sys/fs/cgroup" when security.WritableCgroups => Without(mount, "ro"),
                // mqueue needs no bind: its file system is the one of the ipc namespace it is mounted in, the host's then.
                "/dev/shm" when host.IpcMode == "host" => Bind(mount.Destination, mount.Destination, true, "rprivate"),
                // /proc/PID/ns/ipc names the donor; POSIX shared memory is files of its /dev/shm (shm_overview(7)).
                "/dev/shm" when donor is not null => Bind(donor.Replace("/ns/ipc", "/root/dev/shm", StringComparison.Ordinal), mount.Destination, true, "rprivate"),
                _ => mount,
            };
        }

        if (host.IpcMode == "none")
        {
            // Docker: "own private IPC namespace, with /dev/shm not mounted".
            mounts.RemoveAll(mount => mount.Destination == "/dev/shm");
        }
    }

    private static RuntimeMount Without(RuntimeMount mount, string option)
    {
        List<string> options = [.. mount.Options ?? []];
        options.Remove(option);
        return mount with { Options = options };
    }

    // A mount of the user's on the same path takes a default's place; one on /dev takes all below it away too.
    private static bool IsReplaced(string destination, List<RuntimeMount> user) =>
        Has(user, destination) || (destination.StartsWith("/dev/", StringComparison.Ordinal) && Has(user, "/dev"));

    private static bool Has(List<RuntimeMount> mounts, string destination) => mounts.Exists(mount => mount.Destination == destination);

    private static int Depth(string path) => path.AsSpan().TrimEnd('/').Count('/');
}

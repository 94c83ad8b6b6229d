using Sampan.Engine.Volumes;
using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>Mounts a container gets and loses after it was made.</summary>
internal static class MountUpdate
{
    // What is mounted for every container, each of which a mount asked for at its creation would take the place of.
    private static readonly string[] Standard =
    [
        "/", "/proc", "/sys", "/sys/fs/cgroup", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf",
    ];

    /// <summary>Changes the record.</summary>
    /// <param name="record">The container.</param>
    /// <param name="change">What is asked for; what is removed is removed first, so that one mount can take another's place.</param>
    /// <returns>The container as it is to be. <see cref="UpdateRequest.Resolved"/> is what its added mounts are.</returns>
    /// <exception cref="SampanException">NotFound: no such mount. Conflict: it is not one of those, or others lie in it. InvalidArgument: a path is taken.</exception>
    public static ContainerRecord Apply(ContainerRecord record, UpdateRequest change)
    {
        foreach (var path in change.MountRemove ?? [])
        {
            record = Remove(record, Normalize(path));
        }

        foreach (var path in change.MountRemove ?? [])
        {
            RequireEmpty(record, Normalize(path));
        }

        return Add(record, change.MountAdd ?? [], change.Resolved ?? new());
    }

    /// <summary>Paths of what is removed, those that lie deeper first.</summary>
    public static IReadOnlyList<string> Removed(UpdateRequest change)
    {
        List<string> paths = [];
        foreach (var path in change.MountRemove ?? [])
        {
            paths.Add(Normalize(path));
        }

        paths.Sort(static (left, right) => right.AsSpan().Count('/').CompareTo(left.AsSpan().Count('/')));
        return paths;
    }

    /// <summary>Paths of what is added.</summary>
    public static IReadOnlyList<string> Added(UpdateRequest change)
    {
        List<string> paths = [];
        foreach (var request in change.MountAdd ?? [])
        {
            paths.Add(BindSpecification.NormalizePath(request.Target));
        }

        return paths;
    }

    /// <summary>Sees to it that the mount a path leads to now is what was mounted there, and not another that the container has a link to.</summary>
    /// <param name="record">The container before the change.</param>
    /// <param name="path">Path of one of its mounts.</param>
    /// <param name="found">Path of the mount, without links.</param>
    /// <exception cref="SampanException">Conflict: it is not.</exception>
    public static void RequireOwn(ContainerRecord record, string path, string found)
    {
        if (found == path)
        {
            return;
        }

        // Links in the image lead to a mount somewhere else (/var/run); a link made since may lead to one that protects the host.
        var isStandard = Array.IndexOf(Standard, found) >= 0
            || found.StartsWith("/proc/", StringComparison.Ordinal)
            || found.StartsWith("/sys/", StringComparison.Ordinal)
            || found.StartsWith("/dev/", StringComparison.Ordinal);
        if (isStandard || Targets(record).Contains(found))
        {
            throw SampanException.Conflict($"mount point {path} leads to {found} now, which is another mount: nothing was unmounted; remove the link in the container");
        }
    }

    /// <summary>
    /// Refuses what a running container has from its start, whatever a creation would allow, and a mount that would cover others: the next
    /// start would mount those in it.
    /// </summary>
    /// <param name="after">The container as it is to be.</param>
    /// <param name="target">Path of an added mount.</param>
    /// <param name="added">Paths of all of them.</param>
    /// <exception cref="SampanException">Conflict.</exception>
    public static void RequireFree(ContainerRecord after, string target, IReadOnlyList<string> added)
    {
        if (Array.IndexOf(Standard, target) >= 0)
        {
            throw SampanException.Conflict($"Duplicate mount point: {target}: a running container has it from its start; stop the container and update it then");
        }

        foreach (var other in (IEnumerable<string>)[.. Standard, .. Targets(after)])
        {
            if (other.StartsWith(target + "/", StringComparison.Ordinal) && !added.Contains(other))
            {
                throw SampanException.Conflict($"mount point {target} would cover {other}, which is mounted in it: stop the container and update it then");
            }
        }
    }

    private static string Normalize(string path) => path.StartsWith('/')
        ? BindSpecification.NormalizePath(path)
        : throw SampanException.InvalidArgument($"invalid mount path: '{path}' mount path must be absolute");

    private static ContainerRecord Remove(ContainerRecord record, string path)
    {
        if (!Targets(record).Contains(path))
        {
            throw Array.IndexOf(Standard, path) >= 0
                ? SampanException.Conflict($"mount point {path} is part of every container and cannot be removed: only mounts asked for by -v, --mount and --tmpfs can")
                : SampanException.NotFound($"No such mount point: {path}: inspect shows those there are");
        }

        var host = record.HostConfig;
        Dictionary<string, MountDetail>? details = record.MountDetails is null ? null : new(record.MountDetails, StringComparer.Ordinal);
        details?.Remove(path);
        return record with
        {
            Mounts = Without(record.Mounts, mount => mount.Destination == path) ?? [],
            MountDetails = details is { Count: > 0 } ? details : null,
            HostConfig = host with
            {
                Binds = Without(host.Binds, bind => BindSpecification.Parse(bind).Destination == path),
                Mounts = Without(host.Mounts, mount => BindSpecification.NormalizePath(mount.Target) == path),
                Tmpfs = Without(host.Tmpfs, path),
            },
        };
    }

    private static void RequireEmpty(ContainerRecord record, string path)
    {
        foreach (var other in Targets(record))
        {
            if (other.StartsWith(path + "/", StringComparison.Ordinal))
            {
                throw SampanException.Conflict($"mount point {path} cannot be removed: {other} is mounted in it; remove both");
            }
        }
    }

    private static ContainerRecord Add(ContainerRecord record, IReadOnlyList<MountRequest> requests, ResolvedMounts resolved)
    {
        var taken = Targets(record);
        foreach (var request in requests)
        {
            var target = BindSpecification.NormalizePath(request.Target);
            if (!taken.Add(target))
            {
                throw SampanException.InvalidArgument($"Duplicate mount point: {target}");
            }
        }

        if (requests.Count == 0)
        {
            return record;
        }

        // As at the creation: what lies deeper is mounted later.
        List<MountPoint> mounts = [.. record.Mounts, .. resolved.Mounts];
        mounts.Sort(static (left, right) => left.Destination.AsSpan().Count('/').CompareTo(right.Destination.AsSpan().Count('/')));
        return record with
        {
            Mounts = mounts,
            MountDetails = resolved.Details is null
                ? record.MountDetails
                : new Dictionary<string, MountDetail>([.. record.MountDetails ?? new Dictionary<string, MountDetail>(StringComparer.Ordinal), .. resolved.Details], StringComparer.Ordinal),
            AnonymousVolumes = [.. record.AnonymousVolumes, .. resolved.AnonymousVolumes],
            HostConfig = record.HostConfig with { Mounts = [.. record.HostConfig.Mounts ?? [], .. requests] },
        };
    }

    /// <summary>Where a container has mounts of its own.</summary>
    private static HashSet<string> Targets(ContainerRecord record)
    {
        HashSet<string> targets = new(StringComparer.Ordinal);
        foreach (var mount in record.Mounts)
        {
            targets.Add(mount.Destination);
        }

        foreach (var path in record.HostConfig.Tmpfs?.Keys ?? [])
        {
            targets.Add(BindSpecification.NormalizePath(path));
        }

        foreach (var request in record.HostConfig.Mounts ?? [])
        {
            targets.Add(BindSpecification.NormalizePath(request.Target));
        }

        return targets;
    }

    private static List<T>? Without<T>(IReadOnlyList<T>? list, Predicate<T> gone)
    {
        List<T> kept = [.. list ?? []];
        kept.RemoveAll(gone);
        return kept.Count > 0 ? kept : null;
    }

    private static Dictionary<string, string>? Without(IReadOnlyDictionary<string, string>? map, string path)
    {
        Dictionary<string, string> kept = new(StringComparer.Ordinal);
        foreach (var (key, value) in map ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (BindSpecification.NormalizePath(key) != path)
            {
                kept.Add(key, value);
            }
        }

        return kept.Count > 0 ? kept : null;
    }
}

using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Engine.Users;
using Sampan.Engine.Volumes;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>A mount that is more than a plain bind mount: sub-options of --mount, a volume's own file system, mapped ids.</summary>
internal static class DetailedMount
{
    /// <summary>A bind mount or volume.</summary>
    /// <param name="point">What docker shows of it.</param>
    /// <param name="detail">What it needs beyond.</param>
    /// <param name="user">Who the container's process is, for match-user.</param>
    /// <param name="ids">The container's ids where they are not the host's.</param>
    public static RuntimeMount Of(MountPoint point, MountDetail detail, UserIdentity user, ContainerIdMap? ids)
    {
        if (detail.FileSystem.Length > 0 && !point.Source.StartsWith("/proc/", StringComparison.Ordinal))
        {
            List<string> own = [.. detail.Options ?? []];
            if (!point.RW)
            {
                own.Add("ro");
            }

            return new() { Destination = point.Destination, Type = detail.FileSystem, Source = detail.Device, Options = own };
        }

        List<string> options = [detail.NonRecursive ? "bind" : "rbind"];
        if (!point.RW)
        {
            options.Add(detail.NonRecursive || detail.ReadOnlyNonRecursive ? "ro" : "rro");
        }

        options.Add(point.Propagation.Length > 0 ? point.Propagation : "rprivate");
        var mount = new RuntimeMount { Destination = point.Destination, Type = "bind", Source = SourceOf(point, detail), Options = options };
        return detail.IdMap.Length > 0 ? MapIds(mount, detail.IdMap, user, ids) : mount;
    }

    /// <summary>A tmpfs of --mount.</summary>
    /// <param name="request">As asked for.</param>
    public static RuntimeMount Tmpfs(MountRequest request)
    {
        List<string> options = ["noexec", "nosuid", "nodev"];
        if (request.ReadOnly)
        {
            options.Add("ro");
        }

        if (request.TmpfsOptions is { SizeBytes: > 0 } sized)
        {
            options.Add(string.Create(CultureInfo.InvariantCulture, $"size={sized.SizeBytes}"));
        }

        if (request.TmpfsOptions is { Mode: > 0 } moded)
        {
            options.Add("mode=" + Convert.ToString(moded.Mode, 8));
        }

        return new() { Destination = BindSpecification.NormalizePath(request.Target), Type = "tmpfs", Source = "tmpfs", Options = options };
    }

    private static string SourceOf(MountPoint point, MountDetail detail) =>
        detail is { FileSystem.Length: 0, Device.Length: > 0 } ? detail.Device : point.Source;

    private static RuntimeMount MapIds(RuntimeMount mount, string map, UserIdentity user, ContainerIdMap? ids)
    {
        if (map != IdMapArgument.MatchUser)
        {
            var (users, groups) = IdMapArgument.Parse(map);
            return mount with { UidMappings = ids is null ? users : ContainerIdMap.OnHost(users, ids.Users), GidMappings = ids is null ? groups : ContainerIdMap.OnHost(groups, ids.Groups) };
        }

        using var source = FileDescriptor.Open(mount.Source!, OpenFlags.Path);
        var owner = source.Status();
        var (uid, gid) = ids is null ? (user.Uid, user.Gid) : (ids.ToHost.User(user.Uid), ids.ToHost.Group(user.Gid));
        return mount with { UidMappings = IdMapArgument.Exchange(owner.UserId, uid), GidMappings = IdMapArgument.Exchange(owner.GroupId, gid) };
    }
}

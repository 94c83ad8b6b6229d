using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Users;

/// <summary>What the ids of a container with a user namespace of its own are on the host (user_namespaces(7)).</summary>
public sealed class ContainerIdMap
{
    /// <summary>The id that stands for all that have none (proc(5), /proc/sys/kernel/overflowuid).</summary>
    private const uint Nobody = 65534;

    private ContainerIdMap(IReadOnlyList<RuntimeIdMapping> users, IReadOnlyList<RuntimeIdMapping> groups)
    {
        Users = users;
        Groups = groups;
    }

    /// <summary>User ids.</summary>
    public IReadOnlyList<RuntimeIdMapping> Users { get; }

    /// <summary>Group ids.</summary>
    public IReadOnlyList<RuntimeIdMapping> Groups { get; }

    /// <summary>The owners of an image's files as the container's processes have them.</summary>
    public OwnerMapping Owners => new(Users, Groups);

    /// <summary>Owners in the container as owners on the host; others are refused.</summary>
    public OwnerMap ToHost => new(Ranges(Users, toHost: true), Ranges(Groups, toHost: true), null);

    /// <summary>Owners on the host as owners in the container; others are nobody, as they are to its processes.</summary>
    public OwnerMap ToContainer => new(Ranges(Users, toHost: false), Ranges(Groups, toHost: false), Nobody);

    /// <summary>The map of a container.</summary>
    /// <param name="host">What the host gives it.</param>
    /// <returns>Null when it has the host's ids.</returns>
    /// <exception cref="SampanException">InvalidArgument: a mapping that is none.</exception>
    public static ContainerIdMap? Of(HostConfig host) =>
        host.IDMappings is { } texts ? new(Parse(texts.UidMap), Parse(texts.GidMap)) : null;

    /// <summary>Reads INSIDE:OUTSIDE:COUNT; without a count it is one id.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="SampanException">InvalidArgument: another form.</exception>
    public static RuntimeIdMapping Parse(string text)
    {
        var parts = text.Split(':');
        uint count = 1;
        return parts.Length is 2 or 3 && TryNumber(parts[0], out var inside) && TryNumber(parts[1], out var outside)
            && (parts.Length == 2 || (TryNumber(parts[2], out count) && count > 0)) && inside <= uint.MaxValue - count && outside <= uint.MaxValue - count
            ? new() { ContainerID = inside, HostID = outside, Size = count }
            : throw SampanException.InvalidArgument($"invalid id mapping \"{text}\": give INSIDE:OUTSIDE:COUNT");
    }

    /// <summary>Finds an id on the host.</summary>
    /// <param name="map"><see cref="Users"/> or <see cref="Groups"/>.</param>
    /// <param name="id">The id in the container.</param>
    /// <returns>Null when it has none.</returns>
    public static uint? OnHost(IReadOnlyList<RuntimeIdMapping> map, uint id)
    {
        foreach (var range in map)
        {
            if (id >= range.ContainerID && id - range.ContainerID < range.Size)
            {
                return range.HostID + (id - range.ContainerID);
            }
        }

        return null;
    }

    /// <summary>Refuses a process that would have no id on the host.</summary>
    /// <param name="user">Who it is.</param>
    /// <exception cref="SampanException">InvalidArgument: it has none.</exception>
    internal void Require(Specs.UserIdentity user)
    {
        if (OnHost(Users, user.Uid) is null)
        {
            throw TooSmall("user", user.Uid, Users);
        }

        foreach (var group in user.Groups)
        {
            if (OnHost(Groups, group) is null)
            {
                throw TooSmall("group", group, Groups);
            }
        }
    }

    /// <summary>An idmap whose inner ids are the container's, as one whose inner ids are the host's: the container's ids must lie in one piece.</summary>
    /// <exception cref="SampanException">InvalidArgument: an id of the idmap is none of the container's.</exception>
    internal static IReadOnlyList<RuntimeIdMapping> OnHost(IReadOnlyList<RuntimeIdMapping> idmap, IReadOnlyList<RuntimeIdMapping> map)
    {
        var mapped = new List<RuntimeIdMapping>(idmap.Count);
        foreach (var range in idmap)
        {
            // In the namespace of an idmapped mount the id on the disk is the inner one, the id that is seen the outer.
            var first = OnHost(map, range.HostID);
            mapped.Add(first is { } id && OnHost(map, range.HostID + range.Size - 1) == id + range.Size - 1
                ? range with { HostID = id }
                : throw SampanException.InvalidArgument($"invalid idmap: ids {range.HostID} to {range.HostID + range.Size - 1} are not all in the container's user namespace"));
        }

        return mapped;
    }

    /// <summary>Makes the container's root the owner of a file of the engine's.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="LinuxException">fchown(2) failed.</exception>
    internal void GiveToRoot(FileDescriptor file) => file.SetOwner(OnHost(Users, 0) ?? Nobody, OnHost(Groups, 0) ?? Nobody);

    /// <summary>The text of a mapping.</summary>
    internal static string Format(RuntimeIdMapping mapping) => string.Create(CultureInfo.InvariantCulture, $"{mapping.ContainerID}:{mapping.HostID}:{mapping.Size}");

    private static List<RuntimeIdMapping> Parse(IReadOnlyList<string> texts)
    {
        var map = new List<RuntimeIdMapping>(texts.Count);
        foreach (var text in texts)
        {
            map.Add(Parse(text));
        }

        return map;
    }

    private static IdRange[] Ranges(IReadOnlyList<RuntimeIdMapping> map, bool toHost)
    {
        var ranges = new IdRange[map.Count];
        for (var index = 0; index < ranges.Length; index++)
        {
            var mapping = map[index];
            ranges[index] = toHost ? new(mapping.ContainerID, mapping.HostID, mapping.Size) : new(mapping.HostID, mapping.ContainerID, mapping.Size);
        }

        return ranges;
    }

    private static SampanException TooSmall(string kind, uint id, IReadOnlyList<RuntimeIdMapping> map)
    {
        var count = 0UL;
        foreach (var range in map)
        {
            count += range.Size;
        }

        return SampanException.InvalidArgument(
            $"{kind} {id} is not among the {count} ids of the container's user namespace: give it a larger range (--userns auto:size=N, or a longer one in /etc/sub{kind[0]}id)");
    }

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

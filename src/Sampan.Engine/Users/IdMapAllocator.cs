using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Users;

/// <summary>
/// Gives a container that is being made the ids of its user namespace. Which ids are taken is read from the records of all containers, never from a
/// counter: they are free again when the container is removed. Who takes some holds one lock until its record is written.
/// </summary>
/// <param name="paths">Where.</param>
/// <param name="containers">Whose ids are taken.</param>
internal sealed class IdMapAllocator(EnginePaths paths, ContainerStore containers)
{
    private const string Docker = "dockremap";
    private const string Podman = "containers";
    private const uint UsualCount = 65536;
    private const uint PodmanCount = 1 << 20;

    /// <summary>Takes ids.</summary>
    /// <param name="host">What is asked for.</param>
    /// <param name="least">How many ids the image needs.</param>
    /// <param name="explainOnly">Nothing is made: no lock is taken.</param>
    /// <exception cref="SampanException">InvalidArgument: no such mode. Unavailable: no such range, or none is free. NotFound: no such container.</exception>
    public IdMapLease Take(HostConfig host, Func<uint> least, bool explainOnly = false)
    {
        var mode = UsernsMode.TryParse(host.UsernsMode) ?? throw SampanException.InvalidArgument($"invalid user namespace mode: {host.UsernsMode}");
        switch (mode.Kind)
        {
            case "host":
                return new(host with { IDMappings = null }, null);
            case "container":
                return new(host with { IDMappings = containers.Find(mode.Name).HostConfig.IDMappings }, null);
            case "keep-id":
                var all = ContainerIdMap.Format(new() { Size = uint.MaxValue });
                return new(host with { IDMappings = new() { UidMap = [all], GidMap = [all] } }, null);
            case "private":
                // What is given with --uidmap is checked, and kept.
                return ContainerIdMap.Of(host) is not null
                    ? new(host, null)
                    : throw SampanException.InvalidArgument("--userns private needs ids: give --uidmap, or use --userns auto");
        }

        var hold = explainOnly ? null : FileLock.Acquire(paths.Root + "/userns.lock");
        try
        {
            var (users, groups) = mode.Kind == "remap" ? Remap(mode) : Auto(mode, least);
            return new(host with { IDMappings = new() { UidMap = Texts(users), GidMap = Texts(groups) } }, hold);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            hold?.Dispose();
            throw;
        }
    }

    private static List<string> Texts(List<RuntimeIdMapping> map) => map.ConvertAll(ContainerIdMap.Format);

    private static (List<RuntimeIdMapping> Users, List<RuntimeIdMapping> Groups) Remap(UsernsMode mode)
    {
        var (users, groups) = (SubordinateIds.Users, SubordinateIds.Groups);

        // Docker makes its user where it is missing; podman's has the same purpose.
        var user = mode.Name.Length > 0 ? mode.Name : users.Has(Docker) || !users.Has(Podman) ? Docker : Podman;
        return (InOrder(users.Find(user, UsualCount)), InOrder(groups.Find(mode.Group.Length > 0 ? mode.Group : user, UsualCount)));
    }

    private static List<RuntimeIdMapping> InOrder(IReadOnlyList<(uint First, uint Count)> ranges)
    {
        List<RuntimeIdMapping> map = [];
        var inside = 0u;
        foreach (var (first, count) in ranges)
        {
            // 4294967295 is no id (user_namespaces(7)).
            var size = Math.Min(count, uint.MaxValue - inside);
            if (size > 0)
            {
                map.Add(new() { ContainerID = inside, HostID = first, Size = size });
                inside += size;
            }
        }

        return map;
    }

    private (List<RuntimeIdMapping> Users, List<RuntimeIdMapping> Groups) Auto(UsernsMode mode, Func<uint> least)
    {
        var size = mode.Size > 0 ? mode.Size : least();
        var taken = TakenIds.Of(paths);
        return (Fill(size, mode.Users, SubordinateIds.Users, taken.Users), Fill(size, mode.Groups, SubordinateIds.Groups, taken.Groups));
    }

    private static List<RuntimeIdMapping> Fill(uint size, IReadOnlyList<RuntimeIdMapping> given, SubordinateIds subordinate, IReadOnlyList<(uint First, uint Count)> taken)
    {
        List<(uint First, uint Count)> gaps = [];
        var missing = 0u;
        for (var inside = 0u; inside < size;)
        {
            var end = size;
            RuntimeIdMapping? covering = null;
            foreach (var range in given)
            {
                if (inside >= range.ContainerID && inside - range.ContainerID < range.Size)
                {
                    covering = range;
                }
                else if (range.ContainerID > inside)
                {
                    end = Math.Min(end, range.ContainerID);
                }
            }

            if (covering is not null)
            {
                inside = covering.ContainerID + covering.Size;
                continue;
            }

            gaps.Add((inside, end - inside));
            missing += end - inside;
            inside = end;
        }

        List<RuntimeIdMapping> map = [.. given];
        var next = missing == 0 ? 0 : FindFree(missing, subordinate, taken);
        foreach (var (first, count) in gaps)
        {
            map.Add(new() { ContainerID = first, HostID = next, Size = count });
            next += count;
        }

        return map;
    }

    private static uint FindFree(uint count, SubordinateIds subordinate, IReadOnlyList<(uint First, uint Count)> taken)
    {
        foreach (var range in subordinate.Find(Podman, Math.Max(count, PodmanCount)))
        {
            var end = (ulong)range.First + range.Count;
            var first = (ulong)range.First;
            for (var moved = true; moved && first + count <= end;)
            {
                moved = false;
                foreach (var other in taken)
                {
                    if (other.First < first + count && (ulong)other.First + other.Count > first)
                    {
                        first = (ulong)other.First + other.Count;
                        moved = true;
                    }
                }
            }

            if (first + count <= end)
            {
                return (uint)first;
            }
        }

        throw SampanException.Unavailable(
            $"not enough unused IDs in user namespace: {count} in a row are not left of the ranges of \"{Podman}\": remove containers, ask for fewer with --userns auto:size=N, or {subordinate.Advice(Podman, Math.Max(count, PodmanCount))}");
    }
}

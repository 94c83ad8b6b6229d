using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Users;

/// <summary>The ids of the host that containers have.</summary>
internal sealed class TakenIds
{
    private const uint UsualCount = 65536;

    private TakenIds(List<(uint First, uint Count)> users, List<(uint First, uint Count)> groups)
    {
        Users = users;
        Groups = groups;
    }

    public IReadOnlyList<(uint First, uint Count)> Users { get; }

    public IReadOnlyList<(uint First, uint Count)> Groups { get; }

    /// <summary>Reads all records. The caller holds the allocator's lock.</summary>
    public static TakenIds Of(EnginePaths paths)
    {
        List<(uint, uint)> users = [], groups = [];
        foreach (var entry in FileTree.List(paths.Containers))
        {
            var id = entry.Name.ToString();
            if (id[0] != '.')
            {
                AddOf(paths.Container(id), id, users, groups);
            }
        }

        return new(users, groups);
    }

    private static void AddOf(string directory, string id, List<(uint, uint)> users, List<(uint, uint)> groups)
    {
        try
        {
            if (ContainerStore.TryReadRecord(directory, id) is { } record && ContainerIdMap.Of(record.HostConfig) is { } map)
            {
                foreach (var range in map.Users)
                {
                    users.Add((range.HostID, range.Size));
                }

                foreach (var range in map.Groups)
                {
                    groups.Add((range.HostID, range.Size));
                }
            }
        }
        catch (SampanException exception) when (exception.Kind is ErrorKind.Internal or ErrorKind.InvalidArgument)
        {
            // Its record cannot be read. Whose its files are tells where its ids began; how many it has nobody knows.
            if (FileDescriptor.TryStatus(directory + "/upper") is { } owner)
            {
                users.Add((owner.UserId, UsualCount));
                groups.Add((owner.GroupId, UsualCount));
            }
        }
    }
}

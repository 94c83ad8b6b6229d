using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Engine.Networks;

/// <summary>
/// A note in a container's directory that another one has joined its network namespace. The namespace, and devices in it, then outlive the container;
/// its addresses would be another's meanwhile. So at its end its devices are taken away, which without such company the kernel does in its own time.
/// </summary>
internal static class SharedNetwork
{
    private const string Name = "/network-shared";
    private const int OwnerOnly = 0x180;

    /// <summary>Leaves the note. To be called before the namespace is opened: a container that is found to have ended by then cannot be joined.</summary>
    /// <param name="donor">Who is joined.</param>
    public static void Announce(Container donor)
    {
        using var note = FileDescriptor.TryOpen(donor.Directory + Name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow, OwnerOnly);
    }

    /// <summary>Takes devices away that a container without a monitor left in a namespace which others may be in still.</summary>
    /// <param name="paths">Where the state is.</param>
    /// <param name="donor">Who has ended.</param>
    /// <param name="endpoints">How it was connected.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void RemoveDevices(EnginePaths paths, ContainerRecord donor, IReadOnlyList<Endpoint> endpoints)
    {
        // What has no end on the host is reached through one of those that joined.
        using var place = endpoints.All(static endpoint => endpoint.IsBridged) ? null : FindCompany(paths, donor);
        foreach (var endpoint in endpoints)
        {
            ContainerNetwork.RemoveDevice(endpoint, place);
        }
    }

    private static FileDescriptor? FindCompany(EnginePaths paths, ContainerRecord donor)
    {
        foreach (var record in new ContainerStore(paths).WholeRecords())
        {
            var name = NamespaceSpecs.JoinedContainer(record.HostConfig.NetworkMode);
            if (name is null || (name != donor.Name && !donor.Id.StartsWith(name, StringComparison.Ordinal)))
            {
                continue;
            }

            var state = new Container(paths, record).State;
            if (state.Running && ForeignProcess.TryOpen(state.Pid, state.PidStartTime) is { } process)
            {
                return process;
            }
        }

        return null;
    }

    /// <summary>Takes the note away.</summary>
    /// <param name="donor">Who has ended.</param>
    /// <returns>Whether there was one.</returns>
    public static bool TryEnd(Container donor)
    {
        if (!Entries.Exists(donor.Directory + Name))
        {
            return false;
        }

        Entries.RemoveFile(donor.Directory + Name);
        return true;
    }
}

using System.Net;
using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

/// <summary>
/// Who has which address of a network that is set up: a directory of links, each called as an address, which says whose it is. Making a link
/// fails where it is there, so no two containers get one address and nobody waits for a lock. They are of this boot, as the bridge is.
/// </summary>
internal sealed class AddressLeases : IDisposable
{
    private const string LastEntry = ".last";
    private const string LastEntry6 = ".last6";

    private readonly FileDescriptor _directory;

    private AddressLeases(FileDescriptor directory) => _directory = directory;

    /// <summary>Opens those of a network.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="networkId">Full id.</param>
    /// <returns>Null where the network is not set up.</returns>
    public static AddressLeases? TryOpen(EnginePaths paths, string networkId) =>
        FileDescriptor.TryOpen(DirectoryOf(paths, networkId), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow) is { } directory ? new(directory) : null;

    /// <summary>Says that a network is set up. The caller holds the networks' lock.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="networkId">Full id.</param>
    public static void Begin(EnginePaths paths, string networkId) => Entries.MakeDirectory(DirectoryOf(paths, networkId), Entries.PrivateDirectory);

    /// <summary>Says that a network is set up no more. The caller holds the networks' lock.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="networkId">Full id.</param>
    /// <returns>False when a container is on it.</returns>
    public static bool TryEnd(EnginePaths paths, string networkId)
    {
        using (var leases = TryOpen(paths, networkId))
        {
            if (leases is null)
            {
                return true;
            }

            if (leases.List().Count > 0)
            {
                return false;
            }

            // What was taken last, and what a process left that was killed while it wrote.
            foreach (var entry in leases._directory.ReadEntries())
            {
                if (entry.Name.Bytes[0] == (byte)'.')
                {
                    leases._directory.Unlink(entry.Name);
                }
            }
        }

        try
        {
            // What a start has put there meanwhile keeps it.
            Entries.RemoveDirectory(DirectoryOf(paths, networkId));
            return true;
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENOTEMPTY)
        {
            return false;
        }
    }

    /// <summary>Gives back all that a container has, on whatever network.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="container">Full id.</param>
    /// <param name="kept">Addresses it keeps; null for none.</param>
    public static void ReleaseAll(EnginePaths paths, string container, IReadOnlyList<IPAddress>? kept = null)
    {
        foreach (var entry in FileTree.List(paths.NetworkStates))
        {
            using var leases = TryOpen(paths, entry.Name.ToString());
            foreach (var (address, holder) in leases?.List() ?? [])
            {
                if (holder.Container == container && kept?.Contains(address) != true)
                {
                    leases!.Release(address);
                }
            }
        }
    }

    /// <summary>Path of a network's leases.</summary>
    /// <param name="paths">Where.</param>
    /// <param name="networkId">Full id.</param>
    /// <returns>An absolute path.</returns>
    public static string DirectoryOf(EnginePaths paths, string networkId) => paths.NetworkStates + "/" + networkId;

    /// <summary>Takes this very address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="holder">Whose.</param>
    /// <returns>False when somebody has it.</returns>
    public bool TryTake(IPAddress address, LeaseHolder holder) => _directory.TryMakeSymbolicLink(address.ToString(), holder.ToString());

    /// <summary>Takes an address of a range: the one after that which was taken last.</summary>
    /// <param name="range">The range.</param>
    /// <param name="wish">The one that is taken if it is free; null for none.</param>
    /// <param name="holder">Gives the holder of an address.</param>
    /// <returns>The address; null when all are taken.</returns>
    public IPAddress? Take(AddressRange range, IPAddress? wish, Func<IPAddress, LeaseHolder> holder)
    {
        if (wish is not null && range.CanBeGiven(wish) && TryTake(wish, holder(wish)))
        {
            return wish;
        }

        var isIPv6 = range.Subnet.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var entry = isIPv6 ? LastEntry6 : LastEntry;
        var last = TryRead(entry) is { } text ? AddressPrefix.TryParseAddress(text) : null;
        var taken = new HashSet<IPAddress>();
        while (range.Next(taken, last) is { } address)
        {
            if (TryTake(address, holder(address)))
            {
                Replace(entry, address.ToString());
                return address;
            }

            taken.Add(address);
        }

        return null;
    }

    /// <summary>Who has an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Null where nobody has it.</returns>
    public LeaseHolder? HolderOf(IPAddress address) => TryRead(address.ToString()) is { } text ? LeaseHolder.TryParse(text) : null;

    /// <summary>Says anew who has an address that somebody has: another name, for instance. Who watches the directory is told.</summary>
    /// <param name="address">The address.</param>
    /// <param name="holder">Whose.</param>
    public void Describe(IPAddress address, LeaseHolder holder) => Replace(address.ToString(), holder.ToString());

    /// <summary>Gives an address back. One that nobody has is no error.</summary>
    /// <param name="address">The address.</param>
    public void Release(IPAddress address) => _directory.Unlink(address.ToString());

    /// <summary>All leases.</summary>
    /// <returns>Addresses, and who has them.</returns>
    public IReadOnlyList<(IPAddress Address, LeaseHolder Holder)> List()
    {
        List<(IPAddress, LeaseHolder)> leases = [];
        foreach (var entry in _directory.ReadEntries())
        {
            var name = entry.Name.ToString();
            if (name[0] != '.' && AddressPrefix.TryParseAddress(name) is { } address && TryRead(name) is { } text && LeaseHolder.TryParse(text) is { } holder)
            {
                leases.Add((address, holder));
            }
        }

        return leases;
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private string? TryRead(string name)
    {
        try
        {
            return _directory.ReadLink(name).ToString();
        }
        catch (LinuxException problem) when (problem.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            return null;
        }
    }

    // Under a name nobody else has first: who reads finds the old one or the new one. Where the network goes meanwhile there is nothing to say.
    private void Replace(string name, string text)
    {
        var making = "." + ContainerId.Generate()[..16];
        _directory.TryMakeSymbolicLink(making, text);
        try
        {
            _directory.Rename(making, _directory, name);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENOENT)
        {
            return;
        }
    }
}

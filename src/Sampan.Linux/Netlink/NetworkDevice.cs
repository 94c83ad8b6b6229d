using Sampan.Linux.Files;

namespace Sampan.Linux.Netlink;

/// <summary>A network device of the caller's namespace (rtnetlink(7)).</summary>
/// <param name="name">Its name.</param>
public sealed class NetworkDevice(string name)
{
    /// <summary>The longest name, IFNAMSIZ less its NUL.</summary>
    public const int LongestName = 15;

    /// <summary>
    /// Moves it into another namespace, renames it on the way, gives it back the addresses it had (those that are permanent and of global
    /// scope; the kernel drops all on the move) and sets it up.
    /// </summary>
    /// <param name="networkNamespace">Where to.</param>
    /// <param name="newName">Its name there.</param>
    /// <exception cref="LinuxException">ENODEV: there is no such device; EEXIST: the name is taken there; EINVAL: a device that cannot move.</exception>
    public void MoveTo(FileDescriptor networkNamespace, string newName)
    {
        using var here = NetworkStack.Open();
        using var there = NetworkStack.Open(networkNamespace);

        // The kernel moves before it renames: a name that is taken would be found out too late.
        if (newName != name && there.FindLink(newName) is not null)
        {
            throw new LinuxException(Errno.EEXIST, "move network device", $"{name} to the container as {newName}");
        }

        var index = here.Link(name).Index;
        var addresses = here.Addresses(index);
        here.Apply(new NetworkChange().Move(index, name, NetworkNamespaceReference.Of(networkNamespace), newName));

        index = there.Link(newName).Index;
        var change = new NetworkChange();
        foreach (var address in addresses)
        {
            change.AddAddress(index, newName, address);
        }

        there.Apply(change.SetUp(index, newName));
    }

    /// <summary>Sets up the device of this name in another namespace.</summary>
    /// <param name="networkNamespace">Where it is.</param>
    /// <exception cref="LinuxException">ENODEV: there is no such device.</exception>
    public void SetUpIn(FileDescriptor networkNamespace)
    {
        using var there = NetworkStack.Open(networkNamespace);
        there.Apply(new NetworkChange().SetUp(there.Link(name).Index, name));
    }
}

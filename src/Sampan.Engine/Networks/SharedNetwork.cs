using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux.Files;

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

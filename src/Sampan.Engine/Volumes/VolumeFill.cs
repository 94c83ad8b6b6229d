using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Engine.Users;
using Sampan.Images;
using Sampan.Images.Layers;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Engine.Volumes;

/// <summary>
/// Gives an empty volume the files the image has where it is mounted, as docker does. They are copied beside the volume's content and moved
/// into its place as a whole: a volume is never seen half filled, and one that a crash left so is filled by the next container.
/// </summary>
internal static class VolumeFill
{
    private const int LongestCopy = 1 << 30;

    /// <summary>Fills it, if it is empty. The caller holds <see cref="VolumeStore.Lock"/>.</summary>
    /// <param name="mount">Volume and destination.</param>
    /// <param name="layers">The image's layers, bottom first.</param>
    /// <param name="ids">The container's ids where they are not the host's: its files are to belong to them.</param>
    /// <exception cref="LinuxException">The disk is full, for instance; the volume is as it was.</exception>
    public static void Fill(MountPoint mount, IReadOnlyList<string> layers, ContainerIdMap? ids = null)
    {
        if (FileTree.List(mount.Source).Count > 0)
        {
            return;
        }

        using var image = MergedDirectory.TryOpen(layers, mount.Destination);
        if (image is null)
        {
            GiveNew(mount.Source, ids);
            return;
        }

        var owners = ids?.ToHost;
        var filling = mount.Source[..mount.Source.LastIndexOf('/')] + "/.filling";
        FileTree.Remove(filling);
        Entries.MakeDirectory(filling, Entries.PrivateDirectory);
        try
        {
            using (var target = FileDescriptor.Open(filling, OpenFlags.ReadOnly | OpenFlags.Directory))
            {
                CopyContent(image, target, owners);
                CopyAttributes(image.Top, ".", image.Top.Status(), target, ".", owners);
            }

            Entries.Rename(filling, mount.Source);
        }
        catch (LinuxException)
        {
            FileTree.Remove(filling);
            throw;
        }
    }

    // A new volume belongs to the first container's root, as with a docker daemon that remaps; one that is used already stays whose it is.
    private static void GiveNew(string path, ContainerIdMap? ids)
    {
        if (ids is not null && FileDescriptor.TryStatus(path) is { UserId: 0, GroupId: 0 })
        {
            using var directory = FileDescriptor.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
            ids.GiveToRoot(directory);
        }
    }

    private static void CopyContent(MergedDirectory source, FileDescriptor target, OwnerMap? owners)
    {
        foreach (var (name, layer, status) in source.Entries())
        {
            switch (status.Type)
            {
                case FileType.Directory:
                    CopyDirectory(source, name, target, owners);
                    break;
                case FileType.Regular:
                    CopyFile(layer, name, target);
                    break;
                case FileType.SymbolicLink:
                    target.TryMakeSymbolicLink(name, layer.ReadLink(name));
                    break;
                default:
                    target.TryMakeNode(name, status.Type, status.Permissions, status.DeviceMajor, status.DeviceMinor);
                    break;
            }

            CopyAttributes(layer, name, status, target, name, owners);
        }
    }

    private static void CopyDirectory(MergedDirectory source, FileName name, FileDescriptor target, OwnerMap? owners)
    {
        target.MakeDirectory(name, Entries.PrivateDirectory);
        using var below = source.TryEnter(name);
        using var directory = target.OpenBeneath(name.ToString(), OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (below is not null)
        {
            CopyContent(below, directory, owners);
        }
    }

    private static void CopyFile(FileDescriptor layer, FileName name, FileDescriptor target)
    {
        using var from = layer.TryOpenAt(name, OpenFlags.ReadOnly | OpenFlags.NoFollow, 0, out var errno) ?? throw new LinuxException(errno, "open", name.ToString());
        using var to = target.TryOpenAt(name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, 0x180, out errno)
            ?? throw new LinuxException(errno, "create", name.ToString());
        while (Kernel.Check(Kernel.CallBlocking(SystemCall.CopyFileRange, from.Number, 0, to.Number, 0, LongestCopy), "copy", name.ToString()) > 0)
        {
            // copy_file_range(2) may copy less than asked for; 0 is the end.
        }
    }

    private static void CopyAttributes(FileDescriptor source, FileName name, FileStatus status, FileDescriptor target, FileName targetName, OwnerMap? owners)
    {
        // The owner first: changing it clears the set-user-ID bits and the file capabilities (chown(2)).
        target.SetOwnerAt(targetName, owners?.User(status.UserId) ?? status.UserId, owners?.Group(status.GroupId) ?? status.GroupId);
        if (status.Type != FileType.SymbolicLink)
        {
            target.SetPermissionsAt(targetName, status.Permissions);
        }

        foreach (var (attribute, value) in source.AttributesAt(name))
        {
            if (!attribute.Bytes.StartsWith("trusted.overlay."u8))
            {
                target.TrySetAttributeAt(targetName, attribute, owners?.Attribute(attribute, value) ?? value);
            }
        }

        target.SetTimesAt(targetName, status.Accessed, status.Modified);
    }
}

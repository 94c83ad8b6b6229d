using System.Buffers.Binary;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images;

/// <summary>
/// The owners of files on one side of a user namespace as those of the other: user and group, the ids in access control lists (acl(5)) and the root
/// whose namespace a file capability holds in (capabilities(7), "Namespaced file capabilities").
/// </summary>
/// <param name="users">Users that have another number there.</param>
/// <param name="groups">Groups.</param>
/// <param name="unmapped">What all others become; null refuses them.</param>
public sealed class OwnerMap(IReadOnlyList<IdRange> users, IReadOnlyList<IdRange> groups, uint? unmapped)
{
    private const int AclHeaderLength = 4;
    private const int AclEntryLength = 8;
    private const ushort AclUser = 2;
    private const ushort AclGroup = 8;
    private const int CapabilityLength = 20;
    private const int RootedCapabilityLength = 24;
    private const byte CapabilityVersion = 2;
    private const byte RootedCapabilityVersion = 3;

    /// <summary>The user's number on the other side.</summary>
    /// <param name="id">Its number on this side.</param>
    /// <returns>Its number there.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it has none.</exception>
    public uint User(uint id) => Find(users, id) ?? unmapped ?? throw Refused("user", id);

    /// <summary>The group's number on the other side.</summary>
    /// <param name="id">Its number on this side.</param>
    /// <returns>Its number there.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it has none.</exception>
    public uint Group(uint id) => Find(groups, id) ?? unmapped ?? throw Refused("group", id);

    /// <summary>An extended attribute with the ids of the other side in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value on this side.</param>
    /// <returns>Its value there.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an id has none there.</exception>
    public byte[] Attribute(FileName name, byte[] value)
    {
        if (name.Bytes.SequenceEqual("security.capability"u8))
        {
            return Capability(value);
        }

        return name.Bytes.StartsWith("system.posix_acl_"u8) ? Acl(value) : value;
    }

    internal FileStatus Of(FileStatus status) => status with { UserId = User(status.UserId), GroupId = Group(status.GroupId) };

    internal void Apply(TarEntry entry)
    {
        entry.UserId = User(entry.UserId);
        entry.GroupId = Group(entry.GroupId);
        if (entry.Attributes.Count == 0)
        {
            return;
        }

        var attributes = new KeyValuePair<FileName, byte[]>[entry.Attributes.Count];
        for (var index = 0; index < attributes.Length; index++)
        {
            var (name, value) = entry.Attributes[index];
            attributes[index] = new(name, Attribute(name, value));
        }

        entry.Attributes = attributes;
    }

    private static uint? Find(IReadOnlyList<IdRange> ranges, uint id)
    {
        foreach (var range in ranges)
        {
            if (id >= range.First && id - range.First < range.Count)
            {
                return range.Becomes + (id - range.First);
            }
        }

        return null;
    }

    private static SampanException Refused(string kind, uint id) =>
        SampanException.InvalidArgument($"{kind} {id} has no id in the container's user namespace: change the file's owner, or give the container a larger range");

    // struct posix_acl_xattr: a version, then tag, permissions and id of each entry (linux/posix_acl_xattr.h).
    private byte[] Acl(byte[] value)
    {
        byte[] mapped = [.. value];
        for (var at = AclHeaderLength; at + AclEntryLength <= mapped.Length; at += AclEntryLength)
        {
            var id = mapped.AsSpan(at + 4);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(mapped.AsSpan(at)))
            {
                case AclUser:
                    BinaryPrimitives.WriteUInt32LittleEndian(id, User(BinaryPrimitives.ReadUInt32LittleEndian(id)));
                    break;
                case AclGroup:
                    BinaryPrimitives.WriteUInt32LittleEndian(id, Group(BinaryPrimitives.ReadUInt32LittleEndian(id)));
                    break;
            }
        }

        return mapped;
    }

    // struct vfs_ns_cap_data: its revision in the top byte of the first word, and from revision 3 on the root's id behind the rest (linux/capability.h).
    private byte[] Capability(byte[] value)
    {
        var revision = value.Length > 3 ? value[3] : (byte)0;
        uint root;
        switch (revision, value.Length)
        {
            case (CapabilityVersion, CapabilityLength):
                root = 0;
                break;
            case (RootedCapabilityVersion, RootedCapabilityLength):
                root = BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(CapabilityLength));
                break;
            default:
                return value;
        }

        if (Find(users, root) is not { } there)
        {
            return value;
        }

        byte[] mapped = there == 0 ? value[..CapabilityLength] : [.. value[..CapabilityLength], 0, 0, 0, 0];
        mapped[3] = there == 0 ? CapabilityVersion : RootedCapabilityVersion;
        if (there != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(mapped.AsSpan(CapabilityLength), there);
        }

        return mapped;
    }
}

using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>
/// A file of a tree that somebody may change meanwhile, held by a descriptor opened O_PATH|O_NOFOLLOW: what is looked at, what is read and
/// what is written down are one and the same inode, whatever its name means by then. No device or fifo is ever opened.
/// </summary>
internal sealed class PinnedFile : IDisposable
{
    private static ReadOnlySpan<byte> OverlayAttributes => "trusted.overlay."u8;

    /// <param name="path">Opened O_PATH|O_NOFOLLOW; becomes this object's.</param>
    public PinnedFile(FileDescriptor path)
    {
        Path = path;
        Status = path.Status();
    }

    /// <summary>The descriptor.</summary>
    public FileDescriptor Path { get; }

    /// <summary>What it was when it was pinned.</summary>
    public FileStatus Status { get; }

    /// <summary>Pins a name of a directory, not following a link.</summary>
    /// <returns>Null when it is not there.</returns>
    /// <exception cref="LinuxException">openat(2) failed otherwise.</exception>
    public static PinnedFile? TryOpen(FileDescriptor parent, FileName name)
    {
        var path = parent.TryOpenAt(name, OpenFlags.Path | OpenFlags.NoFollow, 0, out var errno);
        if (path is null)
        {
            return errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw new LinuxException(errno, "open", name.ToString());
        }

        return new(path);
    }

    /// <summary>Opens the very file for reading.</summary>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public FileDescriptor OpenForReading() =>
        FileDescriptor.Open($"/proc/self/fd/{Path.Number}", OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal);

    /// <summary>The header of an archive for it.</summary>
    /// <param name="name">Path in the archive.</param>
    public TarEntry Describe(FileName name) => new()
    {
        Name = name,
        Type = TypeOf(Status.Type),
        Permissions = Status.Permissions,
        UserId = Status.UserId,
        GroupId = Status.GroupId,
        Modified = Status.Modified,
        DeviceMajor = Status.DeviceMajor,
        DeviceMinor = Status.DeviceMinor,
        LinkName = Status.Type == FileType.SymbolicLink ? Path.ReadLink(default(FileName)) : default,
        Attributes = Status.Type is FileType.Regular or FileType.Directory ? Attributes() : [],
    };

    /// <inheritdoc/>
    public void Dispose() => Path.Dispose();

    private static TarEntryType TypeOf(FileType type) => type switch
    {
        FileType.Directory => TarEntryType.Directory,
        FileType.SymbolicLink => TarEntryType.SymbolicLink,
        FileType.CharacterDevice => TarEntryType.CharacterDevice,
        FileType.BlockDevice => TarEntryType.BlockDevice,
        FileType.Fifo => TarEntryType.Fifo,
        _ => TarEntryType.Regular,
    };

    private List<KeyValuePair<FileName, byte[]>> Attributes()
    {
        List<KeyValuePair<FileName, byte[]>> attributes = [];
        foreach (var attribute in Path.Attributes())
        {
            if (!attribute.Key.Bytes.StartsWith(OverlayAttributes))
            {
                attributes.Add(attribute);
            }
        }

        attributes.Sort(static (left, right) => left.Key.Bytes.SequenceCompareTo(right.Key.Bytes));
        return attributes;
    }
}

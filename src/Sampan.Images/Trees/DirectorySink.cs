using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>Makes a tree in a directory, from descriptor to descriptor.</summary>
/// <param name="target">The directory.</param>
/// <param name="maker">Makes the files.</param>
internal sealed class DirectorySink(FileDescriptor target, EntryMaker maker) : ITreeSink, IDisposable
{
    private const ResolveFlags Strict = ResolveFlags.Beneath | ResolveFlags.NoSymlinks;
    private readonly Stack<(FileDescriptor Directory, TarEntry? Entry)> _open = [];
    private readonly Dictionary<FileName, FileStatus> _made = [];

    /// <summary>How long an archive of the same would be, which is what docker counts.</summary>
    public long ArchiveLength { get; private set; } = 2 * TarHeader.BlockSize;

    private FileDescriptor Current => _open.Count > 0 ? _open.Peek().Directory : target;

    public void EnterDirectory(TarEntry entry)
    {
        ArchiveLength += TarHeader.BlockSize;
        if (entry.Name.Bytes.SequenceEqual("."u8))
        {
            // Only the content is meant: the directory itself stays as it is.
            _open.Push((target.Duplicate(), null));
            return;
        }

        _open.Push((maker.MakeDirectory(Current, LastName(entry.Name), entry), entry));
    }

    public void LeaveDirectory()
    {
        var (directory, entry) = _open.Pop();
        using (directory)
        {
            if (entry is not null)
            {
                directory.SetTimes(entry.Modified, entry.Modified);
            }
        }
    }

    public void Add(TarEntry entry, Stream content)
    {
        ArchiveLength += TarHeader.BlockSize + ((entry.StoredSize + TarHeader.BlockSize - 1) & -TarHeader.BlockSize);
        var name = LastName(entry.Name);
        if (entry.Type != TarEntryType.HardLink)
        {
            _made[entry.Name] = maker.Make(Current, name, entry, content);
            return;
        }

        var slash = entry.LinkName.Bytes.LastIndexOf((byte)'/');
        using var directory = slash < 0
            ? target.Duplicate()
            : target.TryOpenBeneath(entry.LinkName.Bytes[..slash], OpenFlags.Path | OpenFlags.Directory, Strict, out var errno)
                ?? throw new LinuxException(errno, "open directory", entry.LinkName.ToString());
        EntryMaker.MakeHardLink(Current, name, directory, LastName(entry.LinkName), entry, _made[entry.LinkName]);
    }

    public void Dispose()
    {
        while (_open.Count > 0)
        {
            _open.Pop().Directory.Dispose();
        }
    }

    private static FileName LastName(FileName path) => path.Bytes[(path.Bytes.LastIndexOf((byte)'/') + 1)..];
}

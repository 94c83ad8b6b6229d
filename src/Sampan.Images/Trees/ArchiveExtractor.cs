using Sampan.Images.Layers;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>
/// Unpacks an archive into a directory of a root filesystem that its container may change meanwhile. Every path is resolved by the kernel
/// with that root as "/" (openat2(2), RESOLVE_IN_ROOT): neither links in the archive nor links swapped during the copy lead outside, and
/// absolute ones mean what they mean in the container. Nothing of the container is executed or loaded (CVE-2019-14271).
/// </summary>
/// <param name="root">The root filesystem.</param>
/// <param name="directory">Path of the directory in it.</param>
/// <param name="maker">Makes the files.</param>
/// <param name="owners">What the archive's owners are there; null is what they are.</param>
internal sealed class ArchiveExtractor(FileDescriptor root, FileName directory, EntryMaker maker, OwnerMap? owners) : IDisposable
{
    private const ResolveFlags Resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
    private readonly List<(FileName Path, TarEntry Entry)> _directories = [];
    private FileName _path;
    private FileDescriptor? _current;

    /// <summary>Unpacks all of it.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: damaged, a path that leaves it, or a file and a directory in each other's place.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full, read-only.</exception>
    public void Extract(TarReader reader)
    {
        using var content = new ArchiveContent(reader);
        while (reader.Next() is { } entry)
        {
            owners?.Apply(entry);
            Extract(entry, content);
        }

        // Children change their directory's times: those come last, deepest first.
        for (var index = _directories.Count - 1; index >= 0; index--)
        {
            using var made = TryOpen(_directories[index].Path);
            made?.SetTimes(_directories[index].Entry.Modified, _directories[index].Entry.Modified);
        }
    }

    public void Dispose() => _current?.Dispose();

    private void Extract(TarEntry entry, ArchiveContent content)
    {
        var path = EntryPath.Parse(entry.Name, "entry");
        if (path.IsRoot)
        {
            // The directory itself stays as it is; a file cannot be the place it is unpacked in.
            return;
        }

        var parent = Open(path.Parent);
        switch (entry.Type)
        {
            case TarEntryType.Directory:
                maker.MakeDirectory(parent, path.Name, entry).Dispose();
                _directories.Add((path.Whole, entry));
                break;
            case TarEntryType.HardLink:
                var target = EntryPath.Parse(entry.LinkName, "link target");
                using (var there = TryOpen(target.Parent))
                {
                    if (there?.TryStatusAt(target.Name) is not { } status)
                    {
                        throw SampanException.InvalidArgument($"invalid archive: entry \"{entry.Name}\" links to \"{entry.LinkName}\", which is not there");
                    }

                    if (parent.TryStatusAt(path.Name)?.IsSameFile(status) != true)
                    {
                        EntryMaker.MakeHardLink(parent, path.Name, there, target.Name, entry, status);
                    }
                }

                break;
            default:
                maker.Make(parent, path.Name, entry, content);
                break;
        }
    }

    private FileDescriptor Open(FileName path)
    {
        if (_current is null || _path != path)
        {
            _current?.Dispose();
            _current = null;
            _current = TryOpen(path) ?? Make(path);
            _path = path;
        }

        return _current;
    }

    private FileDescriptor? TryOpen(FileName path)
    {
        var found = root.TryOpenBeneath(Whole(path), OpenFlags.ReadOnly | OpenFlags.Directory, Resolve, out var errno);
        return found is not null || errno == Errno.ENOENT ? found : throw new LinuxException(errno, "open directory", path.ToString());
    }

    private FileName Whole(FileName path) => FileName.FromBytes([.. directory.Bytes, (byte)'/', .. path.Bytes]);

    private FileDescriptor Make(FileName path)
    {
        var bytes = path.Bytes;
        for (var end = 0; end < bytes.Length; end++)
        {
            var slash = bytes[end..].IndexOf((byte)'/');
            end = slash < 0 ? bytes.Length : end + slash;
            var part = EntryPath.Parse(FileName.FromBytes(bytes[..end]), "entry");
            using var parent = TryOpen(part.Parent) ?? throw new LinuxException(Errno.ENOENT, "open directory", part.Parent.ToString());
            parent.TryMakeDirectory(part.Name);
        }

        return TryOpen(path) ?? throw new LinuxException(Errno.ENOENT, "open directory", path.ToString());
    }
}

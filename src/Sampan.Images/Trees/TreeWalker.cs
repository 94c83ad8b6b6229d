using Sampan.Images.Layers;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Trees;

/// <summary>
/// Tells a sink a file, or a directory with everything in it, in the order of the names' bytes. The walk goes from descriptor to descriptor
/// and follows no link: links that a container swaps meanwhile (CVE-2018-15664) lead nowhere. Other mounts are entered, the kernel's own
/// file systems (proc, sysfs and their like) are not: their directories are told empty.
/// </summary>
/// <param name="sink">Where it goes.</param>
/// <param name="owners">What the files' owners are there, of several layers the topmost's; null is what they are.</param>
internal sealed class TreeWalker(ITreeSink sink, OwnerMap? owners = null)
{
    // A path of more than 4096 bytes cannot be named by anybody (path_resolution(7)); a tree made deeper by hand is no one's to copy.
    private const int DeepestTree = 2048;
    private readonly Dictionary<(ulong Device, ulong Inode), FileName> _linked = [];

    /// <summary>Walks.</summary>
    /// <param name="file">The file or directory, pinned.</param>
    /// <param name="name">Its path in what comes out; "." for a directory whose content alone is meant.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: it is deeper than any path.</exception>
    /// <exception cref="LinuxException">The kernel refused to read.</exception>
    public void Walk(PinnedFile file, FileName name) => Tell(file, name, 0, owners);

    /// <summary>Walks everything in a directory made of several layers.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="path">Its path in what comes out; empty for the top.</param>
    /// <param name="depth">How many directories it is in.</param>
    /// <inheritdoc cref="Walk"/>
    public void WalkContent(MergedDirectory directory, FileName path, int depth = 0)
    {
        List<(FileName Name, FileDescriptor Layer)> entries = [];
        foreach (var (name, layer, _) in directory.Entries())
        {
            entries.Add((name, layer));
        }

        entries.Sort(static (left, right) => left.Name.Bytes.SequenceCompareTo(right.Name.Bytes));
        foreach (var (name, layer) in entries)
        {
            using var file = PinnedFile.TryOpen(layer, name);
            if (file is null)
            {
                continue;
            }

            var whole = Join(path, name);
            var map = directory.IsTopmost(layer) ? owners : null;
            if (file.Status.IsDirectory)
            {
                using var below = directory.TryEnter(name);
                if (below is not null)
                {
                    RefuseDepth(name, depth);
                    sink.EnterDirectory(Describe(file, whole, map));
                    WalkContent(below, whole, depth + 1);
                    sink.LeaveDirectory();
                }
            }
            else if (!file.Status.IsWhiteout)
            {
                Tell(file, whole, depth, map);
            }
        }
    }

    /// <summary>Goes no deeper than any path: a tree made deeper by hand is to end neither the stack nor the descriptors.</summary>
    /// <param name="name">For the message.</param>
    /// <param name="depth">How many directories it is in.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: too many.</exception>
    public static void RefuseDepth(FileName name, int depth)
    {
        const int shown = 64;
        if (depth > DeepestTree)
        {
            throw SampanException.Unavailable($"cannot read \"{FileName.FromBytes(name.Bytes[..Math.Min(shown, name.Bytes.Length)])}…\": it is in more than {DeepestTree} directories: file name too long");
        }
    }

    private static FileName Join(FileName parent, FileName name) => parent.Bytes.IsEmpty || parent.Bytes.SequenceEqual("."u8)
        ? name
        : FileName.FromBytes([.. parent.Bytes, (byte)'/', .. name.Bytes]);

    private static TarEntry Describe(PinnedFile file, FileName name, OwnerMap? map)
    {
        var entry = file.Describe(name);
        map?.Apply(entry);
        return entry;
    }

    private void Tell(PinnedFile file, FileName name, int depth, OwnerMap? map)
    {
        var status = file.Status;
        switch (status.Type)
        {
            case FileType.Directory:
                TellDirectory(file, name, depth, map);
                return;
            case FileType.Socket:
                // As docker: a socket is nothing without who listens on it.
                return;
        }

        var entry = Describe(file, name, map);
        if (status.Links > 1)
        {
            if (_linked.TryGetValue((status.Device, status.Inode), out var first))
            {
                entry.Type = TarEntryType.HardLink;
                entry.LinkName = first;
                entry.Attributes = [];
                sink.Add(entry, Stream.Null);
                return;
            }

            _linked.Add((status.Device, status.Inode), name);
        }

        if (status.Type != FileType.Regular)
        {
            sink.Add(entry, Stream.Null);
            return;
        }

        using var opened = file.OpenForReading();
        using var content = new StoredContent(opened, FileExtents.Fill(entry, opened, status));
        sink.Add(entry, content);
    }

    private void TellDirectory(PinnedFile file, FileName name, int depth, OwnerMap? map)
    {
        RefuseDepth(name, depth);
        var entry = Describe(file, name, map);
        sink.EnterDirectory(entry);
        using (var directory = file.OpenForReading())
        {
            // One descriptor for each level is enough.
            file.Dispose();
            if (!directory.IsOfKernel())
            {
                TellContent(directory, name, depth, map);
            }
        }

        sink.LeaveDirectory();
    }

    private void TellContent(FileDescriptor directory, FileName path, int depth, OwnerMap? map)
    {
        List<DirectoryEntry> entries = [.. directory.ReadEntries()];
        entries.Sort(static (left, right) => left.Name.Bytes.SequenceCompareTo(right.Name.Bytes));
        foreach (var entry in entries)
        {
            // What vanished since the listing is not part of the copy.
            using var file = PinnedFile.TryOpen(directory, entry.Name);
            if (file is not null)
            {
                Tell(file, Join(path, entry.Name), depth + 1, map);
            }
        }
    }
}

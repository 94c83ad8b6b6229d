using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>
/// Unpacks a layer into a directory that overlay can use as it is. Every path is resolved by the kernel with that directory as its root
/// (openat2(2), RESOLVE_IN_ROOT): links in the archive cannot lead outside, whichever order they come in. Whiteouts become overlay's own
/// (kernel, filesystems/overlayfs.rst; image-spec, layer.md, "Whiteouts").
/// </summary>
internal sealed class LayerExtractor : IDisposable
{
    private readonly ParentDirectories _parents;
    private readonly EntryWriter _writer;
    private readonly FileDescriptor _root;
    private readonly DirectoryTimes _times;
    private bool _hasRoot;

    /// <param name="root">An empty directory nobody else writes to.</param>
    public LayerExtractor(FileDescriptor root)
    {
        _root = root;
        _parents = new(root);
        _writer = new(_parents);
        _times = new(root);
    }

    /// <summary>Bytes of all regular files, as docker counts the size of a layer.</summary>
    public long Size { get; private set; }

    /// <summary>Unpacks the whole archive.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the archive is hostile or damaged.</exception>
    /// <exception cref="LinuxException">The kernel refused: disk full, no permission.</exception>
    public void Extract(TarReader reader)
    {
        while (reader.Next() is { } entry)
        {
            try
            {
                Extract(reader, entry);
            }
            catch (LinuxException error) when (error.Errno is not (Errno.ENOSPC or Errno.EDQUOT or Errno.EIO))
            {
                throw SampanException.InvalidArgument($"invalid layer: entry \"{entry.Name}\": {error.Message}");
            }
        }

        // What is made in a directory changes its time, so these come last.
        _times.Apply();
        if (!_hasRoot)
        {
            // The same archive makes the same directory, whenever it is unpacked.
            _root.SetTimes(default, default);
        }
    }

    public void Dispose()
    {
        _times.Dispose();
        _parents.Dispose();
    }

    private void Extract(TarReader reader, TarEntry entry)
    {
        var path = EntryPath.Parse(entry.Name, "entry");
        if (path.IsRoot)
        {
            if (entry.Type != TarEntryType.Directory)
            {
                throw SampanException.InvalidArgument($"invalid layer: entry \"{entry.Name}\" would replace its root");
            }

            _hasRoot = true;
            EntryWriter.ApplyDirectory(_root, entry);
            _times.Add(path.Whole, entry.Modified);
            return;
        }

        if (Whiteout.IsOne(path.Name))
        {
            Whiteout.Apply(_parents, path, entry.Modified);
            return;
        }

        var parent = _parents.Open(path.Parent);
        if (entry.Type == TarEntryType.Directory)
        {
            _writer.WriteDirectory(parent, path.Name, entry);
            _times.Add(path.Whole, entry.Modified);
        }
        else
        {
            _writer.Write(parent, path.Name, entry, reader);
            Size += entry.Type == TarEntryType.Regular ? entry.Size : 0;
        }
    }
}

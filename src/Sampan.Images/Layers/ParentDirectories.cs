using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>
/// The directories that entries go into, opened with the layer as their root. The last one is kept open, since entries of one directory
/// follow each other.
/// </summary>
/// <param name="root">The layer's root.</param>
internal sealed class ParentDirectories(FileDescriptor root) : IDisposable
{
    private const ResolveFlags Resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks | ResolveFlags.NoCrossDevice;
    private FileName _path;
    private FileDescriptor? _current;
    private bool _stale;

    /// <summary>The directory, made with all above it when it is missing. Links inside the layer are followed inside the layer.</summary>
    /// <returns>A descriptor that is valid until the next call.</returns>
    public FileDescriptor Open(FileName path)
    {
        if (path.Bytes.IsEmpty)
        {
            return root;
        }

        if (_current is null || _stale || _path != path)
        {
            Forget();
            _current = root.TryOpenBeneath(path, OpenFlags.ReadOnly | OpenFlags.Directory, Resolve, out var errno) ?? errno switch
            {
                Errno.ENOENT or Errno.ENOTDIR => Make(path),
                _ => throw new LinuxException(errno, "open directory", path.ToString()),
            };
            _path = path;
            _stale = false;
        }

        return _current;
    }

    /// <summary>Opens the directory if it is there; the caller disposes.</summary>
    public FileDescriptor? TryOpen(FileName path) =>
        root.TryOpenBeneath(path, OpenFlags.ReadOnly | OpenFlags.Directory, Resolve, out _);

    /// <summary>A name was replaced: the kept directory may be gone with it. It stays open for who is using it right now.</summary>
    public void NoteRemoval() => _stale = true;

    public void Dispose() => Forget();

    private void Forget()
    {
        _current?.Dispose();
        _current = null;
    }

    private FileDescriptor Make(FileName path)
    {
        var bytes = path.Bytes;
        for (var end = 0; end < bytes.Length; end++)
        {
            var slash = bytes[end..].IndexOf((byte)'/');
            end = slash < 0 ? bytes.Length : end + slash;
            MakeOne(EntryPath.Parse(FileName.FromBytes(bytes[..end]), "entry"));
        }

        return root.TryOpenBeneath(path, OpenFlags.ReadOnly | OpenFlags.Directory, Resolve, out var errno)
            ?? throw new LinuxException(errno, "open directory", path.ToString());
    }

    private void MakeOne(EntryPath path)
    {
        using var parent = root.TryOpenBeneath(path.Parent, OpenFlags.ReadOnly | OpenFlags.Directory, Resolve, out var errno)
            ?? throw new LinuxException(errno, "open directory", path.Parent.ToString());
        var hidden = parent.TryStatusAt(path.Name) is { IsWhiteout: true } && parent.Unlink(path.Name);
        if (parent.TryMakeDirectory(path.Name))
        {
            using var made = parent.OpenAt(path.Name);
            made.SetPermissions(0x1ed);
            if (hidden)
            {
                Whiteout.MakeOpaque(made);
            }
        }
    }
}

using Sampan.Images.Compression;
using Sampan.Images.Layers;
using Sampan.Images.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>
/// One writer at work. Everything is made in a directory of its own and moved into the store at the end; a writer that fails or is killed
/// leaves nothing but that directory, which the next collection removes. While it lives no content is collected.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly StorePaths _paths;
    private readonly bool _durable;
    private readonly FileLock _hold;
    private readonly FileDescriptor _directory;
    private readonly string _path;
    private readonly Dictionary<Digest, StagedBlob> _blobs = [];
    private readonly Dictionary<Digest, (string Name, long Size)> _layers = [];
    private int _counter;

    public StoreWriter(StorePaths paths, bool durable)
    {
        _paths = paths;
        _durable = durable;
        FileTree.MakeDirectories(paths.Blobs);

        // Users of the host must not reach set-id programs of images (CVE-2021-41091).
        FileTree.MakeDirectories(paths.Layers, 0x1c0);
        FileTree.MakeDirectories(paths.Work, 0x1c0);
        _hold = FileLock.Acquire(paths.ContentLock, shared: true);
        _path = paths.Work + "/" + Guid.NewGuid().ToString("N");
        FileTree.MakeDirectories(_path, 0x1c0);
        _directory = FileDescriptor.Open(_path, OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    /// <summary>Starts a blob; give it back to <see cref="Add(BlobWriter)"/>.</summary>
    public BlobWriter NewBlob() => new(_directory, $"blob-{_counter++}");

    /// <summary>Takes a finished blob.</summary>
    public StagedBlob Add(BlobWriter blob)
    {
        var staged = blob.Finish(_durable);
        _blobs[staged.Digest] = staged;
        return staged;
    }

    /// <summary>Finishes a blob that may turn out to be of no use.</summary>
    public static StagedBlob Spool(BlobWriter blob) => blob.Finish(durable: false);

    /// <summary>Takes a spooled blob after all.</summary>
    public void Adopt(StagedBlob staged)
    {
        if (_blobs.TryAdd(staged.Digest, staged) && _durable)
        {
            using var file = _directory.OpenAt(staged.Name, OpenFlags.ReadOnly);
            file.Synchronize();
        }
    }

    /// <summary>Opens a spooled blob.</summary>
    public FileDescriptor Open(StagedBlob staged) => _directory.OpenAt(staged.Name, OpenFlags.ReadOnly);

    /// <summary>Takes a small blob.</summary>
    public StagedBlob Add(ReadOnlySpan<byte> content)
    {
        using var blob = NewBlob();
        blob.Write(content);
        return Add(blob);
    }

    /// <summary>Opens a blob of this writer or of the store.</summary>
    public FileDescriptor? TryOpen(Digest digest) => _blobs.TryGetValue(digest, out var staged)
        ? _directory.OpenAt(staged.Name, OpenFlags.ReadOnly)
        : FileDescriptor.TryOpen(_paths.Blob(digest), OpenFlags.ReadOnly);

    /// <summary>Whether the layer is unpacked, here or in the store.</summary>
    public bool HasLayer(Digest diffId) =>
        _layers.ContainsKey(diffId) || FileDescriptor.TryStatus(_paths.Layer(diffId)) is { IsDirectory: true };

    /// <summary>Unpacks a layer.</summary>
    /// <param name="archive">The archive, compressed or not.</param>
    /// <param name="expected">The digest its uncompressed bytes must have, where it is known.</param>
    /// <returns>The diff id.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: hostile, damaged, or not what was promised.</exception>
    public Digest Unpack(SourceStream archive, Digest? expected)
    {
        var name = $"layer-{_counter++}";
        _directory.MakeDirectory(name, 0x1ed);
        using var root = _directory.OpenAt(name);
        root.SetPermissions(0x1ed);
        try
        {
            using var plain = Decompression.Open(archive);
            using var hashed = new HashingStream(plain);
            using var extractor = new LayerExtractor(root);
            extractor.Extract(new TarReader(hashed));
            var diffId = hashed.Finish();
            if (expected is { } wanted && wanted != diffId)
            {
                throw SampanException.InvalidArgument($"layer {wanted}: its content has the digest {diffId}");
            }

            if (_durable)
            {
                root.SynchronizeFileSystem();
            }

            _layers.TryAdd(diffId, (name, extractor.Size));
            return diffId;
        }
        catch (InvalidDataException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, "gzip: the compressed data is damaged or cut off", error);
        }
    }

    /// <summary>Makes sure that a blob is the layer with this diff id, and that the layer is unpacked.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is another layer, or hostile, or damaged.</exception>
    public void RequireLayer(Digest blob, Digest diffId)
    {
        var present = HasLayer(diffId);
        if (present && (blob == diffId || !_blobs.ContainsKey(blob)))
        {
            // The blob's own digest says it all, or the store has checked it before.
            return;
        }

        using var file = TryOpen(blob) ?? throw SampanException.InvalidArgument($"layer blob {blob} is missing");
        using var source = new SourceStream(new DescriptorStream(file));
        if (present)
        {
            Verify(source, diffId);
        }
        else
        {
            Unpack(source, diffId);
        }
    }

    /// <summary>Moves everything into the store. What is there already stays: equal digests are equal content.</summary>
    public void Publish()
    {
        using var blobs = FileDescriptor.Open(_paths.Blobs, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (var (digest, staged) in _blobs)
        {
            _directory.TryRename(staged.Name, blobs, digest.Hex);
        }

        using var layers = FileDescriptor.Open(_paths.Layers, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (var (diffId, (name, size)) in _layers)
        {
            // The note goes first: a layer without one would have no size.
            var note = StoreJson.LayerNote.ToBytes(new LayerNote { Size = size });
            AtomicFile.WriteAt(layers, diffId.Hex + ".json", note, 0x1a4, _durable);
            _directory.TryRename(name, layers, diffId.Hex);
        }

        if (_durable)
        {
            blobs.Synchronize();
            layers.Synchronize();
        }
    }

    private static void Verify(SourceStream archive, Digest diffId)
    {
        try
        {
            using var plain = Decompression.Open(archive);
            using var hashed = new HashingStream(plain);
            if (hashed.Finish() is var actual && actual != diffId)
            {
                throw SampanException.InvalidArgument($"layer {diffId}: its content has the digest {actual}");
            }
        }
        catch (InvalidDataException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, "gzip: the compressed data is damaged or cut off", error);
        }
    }

    public void Dispose()
    {
        _directory.Dispose();
        FileTree.Remove(_path);
        _hold.Dispose();
    }
}

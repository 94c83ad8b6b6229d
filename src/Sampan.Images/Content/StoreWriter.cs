using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Sampan.Images.Compression;
using Sampan.Images.Layers;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Content;

/// <summary>
/// One writer at work. Everything is made in a directory of its own and moved into the store at the end; a writer that fails or is killed
/// leaves nothing but that directory, which the next collection removes. While it lives no content is collected.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const int MostThreads = 8;
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
        MakeDirectories(paths);
        _hold = FileLock.Acquire(paths.ContentLock, shared: true);
        _path = paths.Work + "/" + Guid.NewGuid().ToString("N");
        FileTree.MakeDirectories(_path, 0x1c0);
        _directory = FileDescriptor.Open(_path, OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    /// <summary>Makes the directories that who adds content needs.</summary>
    public static void MakeDirectories(StorePaths paths)
    {
        FileTree.MakeDirectories(paths.Blobs);

        // Users of the host must not reach set-id programs of images (CVE-2021-41091).
        FileTree.MakeDirectories(paths.Layers, 0x1c0);
        FileTree.MakeDirectories(paths.Work, 0x1c0);
    }

    /// <summary>Starts a blob; give it back to <see cref="Add(BlobWriter)"/>.</summary>
    public BlobWriter NewBlob() => new(_directory, $"blob-{Interlocked.Increment(ref _counter)}");

    /// <summary>Takes a finished blob.</summary>
    public StagedBlob Add(BlobWriter blob)
    {
        var staged = blob.Finish();
        _blobs[staged.Digest] = staged;
        return staged;
    }

    /// <summary>Takes a spooled blob, one that could have turned out to be of no use.</summary>
    public void Adopt(StagedBlob staged) => _blobs.TryAdd(staged.Digest, staged);

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
        IsUnpacked(diffId) || FileDescriptor.TryStatus(_paths.Layer(diffId)) is { IsDirectory: true };

    /// <summary>Unpacks a layer.</summary>
    /// <param name="archive">The archive, compressed or not.</param>
    /// <param name="expected">The digest its uncompressed bytes must have, where it is known.</param>
    /// <returns>The diff id.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: hostile, damaged, or not what was promised.</exception>
    public Digest Unpack(SourceStream archive, Digest? expected)
    {
        var name = $"layer-{Interlocked.Increment(ref _counter)}";
        var (diffId, size) = LayerUnpacker.Unpack(_directory, name, archive, expected, _durable);
        lock (_layers)
        {
            _layers.TryAdd(diffId, (name, size));
        }

        return diffId;
    }

    /// <summary>Unpacks an archive into a directory that goes with this writer.</summary>
    /// <param name="archive">The archive, compressed or not.</param>
    /// <returns>The directory.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: hostile or damaged.</exception>
    public FileDescriptor UnpackAside(SourceStream archive)
    {
        var name = $"aside-{Interlocked.Increment(ref _counter)}";
        LayerUnpacker.Unpack(_directory, name, archive, expected: null, durable: false);
        return _directory.OpenAt(name);
    }

    /// <summary>Makes sure that blobs are the layers with these diff ids, and that the layers are unpacked: several at once, while others wait for the disk.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: one is another layer, or hostile, or damaged.</exception>
    public void RequireLayers(IEnumerable<(Digest Blob, Digest DiffId)> layers)
    {
        var waiting = new ConcurrentQueue<(Digest Blob, Digest DiffId)>(layers.Distinct());
        ExceptionDispatchInfo? failure = null;
        var threads = new Thread[Math.Min(waiting.Count, Math.Clamp(Environment.ProcessorCount + 1, 2, MostThreads))];
        for (var index = 0; index < threads.Length; index++)
        {
            threads[index] = new(Work) { IsBackground = true, Name = "unpack" };
            threads[index].Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        failure?.Throw();

        void Work()
        {
            while (Volatile.Read(ref failure) is null && waiting.TryDequeue(out var layer))
            {
                try
                {
                    RequireLayer(layer.Blob, layer.DiffId);
                }
                catch (Exception problem) when (problem is SampanException or LinuxException or IOException)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(problem), null);
                }
            }
        }
    }

    private bool IsUnpacked(Digest diffId)
    {
        lock (_layers)
        {
            return _layers.ContainsKey(diffId);
        }
    }

    private void RequireLayer(Digest blob, Digest diffId)
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
            LayerUnpacker.Verify(source, diffId);
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
            // Mostly a layer's syncfs(2) has done it: what is clean costs nothing.
            if (_durable)
            {
                using var file = Open(staged);
                file.Synchronize();
            }

            _directory.TryRename(staged.Name, blobs, digest.Hex);
        }

        using var layers = FileDescriptor.Open(_paths.Layers, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (var (diffId, (name, size)) in _layers)
        {
            LayerStore.Publish(_directory, name, layers, diffId, size, _durable);
        }

        if (_durable)
        {
            blobs.Synchronize();
            layers.Synchronize();
        }
    }

    public void Dispose()
    {
        _directory.Dispose();
        FileTree.Remove(_path);
        _hold.Dispose();
    }
}

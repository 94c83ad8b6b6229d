using System.Runtime.ExceptionServices;
using Sampan.Images.Content;
using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images.Receiving;

/// <summary>All layers of one image on their way into the store, several at once. While it lives no content is collected.</summary>
internal sealed class ImageReception : IDisposable
{
    private readonly StorePaths _paths;
    private readonly bool _durable;
    private readonly ReceiveOptions _options;
    private readonly FileLock _hold;
    private readonly FileDescriptor _work;
    private readonly string _path;
    private int _next;
    private volatile ExceptionDispatchInfo? _failure;

    /// <param name="paths">The store.</param>
    /// <param name="durable">What is moved into the store shall survive a power cut.</param>
    /// <param name="options">How many layers at once, and who is told.</param>
    public ImageReception(StorePaths paths, bool durable, ReceiveOptions options)
    {
        _paths = paths;
        _durable = durable;
        _options = options;
        StoreWriter.MakeDirectories(paths);
        FileTree.MakeDirectories(paths.Downloads, 0x1c0);
        _hold = FileLock.Acquire(paths.ContentLock, shared: true);
        _path = paths.Work + "/" + Guid.NewGuid().ToString("N");
        FileTree.MakeDirectories(_path, 0x1c0);
        _work = FileDescriptor.Open(_path, OpenFlags.ReadOnly | OpenFlags.Directory);
    }

    /// <summary>The layers' diff ids, checked against the manifest.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the documents do not fit together.</exception>
    public static ImageDocument ReadConfiguration(IncomingImage image)
    {
        var what = $"configuration {image.Config.Digest} of {image.Reference.Familiar}";
        var document = DocumentReader.Parse(image.ConfigBytes.ToArray(), what, ImageJson.ImageDocument);
        var count = document.RootFileSystem?.DiffIds?.Count ?? 0;
        return count == image.Layers.Count
            ? document
            : throw SampanException.InvalidArgument($"{what}: it has {count} layers and its manifest {image.Layers.Count}");
    }

    /// <summary>Brings in the layers.</summary>
    /// <param name="layers">The layers, bottom first.</param>
    /// <param name="diffIds">The digests of their uncompressed bytes, as many.</param>
    /// <param name="open">Opens a blob, verified as it is read; the stream given, if any, has its first bytes and is closed with it. By several threads at once.</param>
    /// <param name="cancel">Is called when one has failed: the others need not go on.</param>
    /// <exception cref="SampanException">The first that failed: it cannot be had, or is hostile, damaged, or not what was promised.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Run(IReadOnlyList<Descriptor> layers, IReadOnlyList<string> diffIds, Func<Descriptor, Stream?, Stream> open, Action cancel)
    {
        var needed = Needed(layers, diffIds);
        var workers = new Thread[Math.Min(_options.Parallelism, needed.Count)];
        for (var index = workers.Length; index < needed.Count; index++)
        {
            Tell(needed[index].Layer, LayerStage.Waiting);
        }

        for (var index = 0; index < workers.Length; index++)
        {
            workers[index] = new(() => Work(needed, open, cancel)) { Name = $"layer {index}", IsBackground = true };
            workers[index].Start();
        }

        foreach (var worker in workers)
        {
            worker.Join();
        }

        _failure?.Throw();
    }

    /// <summary>Removes what did not become part of the store, and lets collections go on.</summary>
    public void Dispose()
    {
        _work.Dispose();
        FileTree.Remove(_path);
        _hold.Dispose();
    }

    // The same layer twice is one to fetch.
    private List<(Descriptor Layer, Digest DiffId)> Needed(IReadOnlyList<Descriptor> layers, IReadOnlyList<string> diffIds)
    {
        List<(Descriptor Layer, Digest DiffId)> needed = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var index = 0; index < layers.Count; index++)
        {
            var (layer, diffId) = (layers[index], Digest.Parse(diffIds[index]));
            if (!seen.Add(layer.Digest!))
            {
                continue;
            }

            var isThere = LayerReception.IsThere(_paths, Digest.Parse(layer.Digest), diffId);
            Tell(layer, isThere ? LayerStage.Existed : LayerStage.Needed);
            if (!isThere)
            {
                needed.Add((layer, diffId));
            }
        }

        return needed;
    }

    private void Work(List<(Descriptor Layer, Digest DiffId)> needed, Func<Descriptor, Stream?, Stream> open, Action cancel)
    {
        while (_failure is null && Interlocked.Increment(ref _next) is var number && number <= needed.Count)
        {
            var (layer, diffId) = needed[number - 1];
            try
            {
                var reception = new LayerReception(_paths, _work, $"layer-{number}", _durable, stage => Tell(layer, stage));
                reception.Run(layer, diffId, already => open(layer, already));
            }
            catch (Exception problem) when (problem is SampanException or LinuxException or OperationCanceledException or IOException)
            {
                // The thread that waits for all of them throws the first.
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(problem), null);
                cancel();
            }
        }
    }

    private void Tell(Descriptor layer, LayerStage stage) => _options.Progress?.Invoke(layer, stage);
}

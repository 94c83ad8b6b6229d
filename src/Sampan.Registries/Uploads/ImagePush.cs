using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Registries.Uploads;

/// <summary>The blobs of an image on their way, several at once.</summary>
internal sealed class ImagePush(TargetRepository target, Func<Descriptor, long, Stream> open, PushOptions options)
{
    private readonly ConcurrentQueue<Descriptor> _waiting = [];
    private Exception? _failure;

    /// <summary>Returns when all are there, or one is not and no thread is at work any more.</summary>
    /// <exception cref="SampanException">What went wrong first.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(IEnumerable<Descriptor> blobs, CancellationToken cancellation)
    {
        foreach (var blob in blobs)
        {
            _waiting.Enqueue(blob);
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var threads = new Thread[Math.Clamp(_waiting.Count, 1, Math.Max(1, options.Parallelism)) - 1];
        for (var index = 0; index < threads.Length; index++)
        {
            threads[index] = new(() => Work(end)) { IsBackground = true, Name = "push" };
            threads[index].Start();
        }

        Work(end);
        foreach (var thread in threads)
        {
            thread.Join();
        }

        cancellation.ThrowIfCancellationRequested();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void Work(CancellationTokenSource end)
    {
        try
        {
            while (!end.IsCancellationRequested && _waiting.TryDequeue(out var blob))
            {
                var outcome = target.PushBlob(blob, offset => open(blob, offset), options, end.Token);
                options.Done?.Invoke(blob, outcome);
            }
        }
        catch (Exception error) when (error is SampanException or LinuxException or OperationCanceledException or IOException)
        {
            Interlocked.CompareExchange(ref _failure, error, null);
            end.Cancel();
        }
    }
}

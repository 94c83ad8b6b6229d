using System.Runtime.ExceptionServices;
using Sampan.Linux;

namespace Sampan.Images.Compression;

/// <summary>
/// Compresses what is written to it in blocks, each for itself, on as many threads as there are processors. The same content gives the same
/// bytes however many they are. Memory: an input and an output block for each thread, and two more. The threads end with the stream.
/// </summary>
internal sealed class CompressingStream : WriteOnlyStream
{
    private const int MostWorkers = 8;
    private readonly Stream _target;
    private readonly Func<BlockCompressor> _compressor;
    private readonly int _size;
    private readonly Thread[] _workers;
    private readonly object _gate = new();
    private readonly Queue<CompressionBlock> _waiting = [];
    private readonly Queue<CompressionBlock> _ordered = [];
    private readonly Stack<CompressionBlock> _free = [];
    private CompressionBlock? _current;
    private bool _closed;
    private bool _any;

    /// <param name="target">Where the compressed bytes go; stays open.</param>
    /// <param name="compression">Gzip or zstd.</param>
    /// <param name="workers">Threads; 0 for one for each processor, eight at most.</param>
    public CompressingStream(Stream target, LayerCompression compression, int workers = 0)
    {
        _target = target;
        (_compressor, _size) = compression switch
        {
            LayerCompression.Gzip => ((Func<BlockCompressor>)(static () => new GzipBlockCompressor()), GzipBlockCompressor.BlockSize),
            LayerCompression.Zstandard => (static () => new ZstandardBlockCompressor(), ZstandardBlockCompressor.BlockSize),
            _ => throw new ArgumentOutOfRangeException(nameof(compression)),
        };
        _workers = new Thread[workers > 0 ? workers : Math.Clamp(Environment.ProcessorCount, 1, MostWorkers)];
        for (var index = 0; index < _workers.Length; index++)
        {
            _workers[index] = new(Work) { IsBackground = true, Name = "compress" };
            _workers[index].Start();
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            _current ??= NextBlock();
            var count = Math.Min(buffer.Length, _size - _current.Length);
            buffer[..count].CopyTo(_current.Input.AsSpan(_current.Length));
            _current.Length += count;
            buffer = buffer[count..];
            if (_current.Length == _size)
            {
                Submit();
            }
        }
    }

    /// <summary>Compresses what is left and writes all of it.</summary>
    /// <exception cref="LinuxException">The target cannot be written, or there is no memory.</exception>
    public void Finish()
    {
        // Even nothing is a member: a file without one is no gzip.
        if (_current is not null || !_any)
        {
            _current ??= NextBlock();
            Submit();
        }

        while (_ordered.Count > 0)
        {
            WriteOldest();
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _closed = true;
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (var worker in _workers)
        {
            worker.Join();
        }

        base.Dispose(disposing);
    }

    private CompressionBlock NextBlock()
    {
        while (_ordered.Count > _workers.Length)
        {
            WriteOldest();
        }

        return _free.TryPop(out var block) ? block : new(_size);
    }

    private void Submit()
    {
        _any = true;
        _ordered.Enqueue(_current!);
        lock (_gate)
        {
            _waiting.Enqueue(_current!);
            Monitor.PulseAll(_gate);
        }

        _current = null;
    }

    private void WriteOldest()
    {
        var block = _ordered.Dequeue();
        lock (_gate)
        {
            while (block.Compressed < 0 && block.Failure is null)
            {
                Monitor.Wait(_gate);
            }
        }

        if (block.Failure is not null)
        {
            ExceptionDispatchInfo.Throw(block.Failure);
        }

        _target.Write(block.Output.AsSpan(0, block.Compressed));
        block.Length = 0;
        block.Compressed = -1;
        _free.Push(block);
    }

    private void Work()
    {
        using var compressor = _compressor();
        while (TryTake() is { } block)
        {
            var length = -1;
            Exception? failure = null;
            try
            {
                length = compressor.Compress(block.Input.AsSpan(0, block.Length), ref block.Output);
            }
            catch (Exception error) when (error is LinuxException or OutOfMemoryException)
            {
                failure = error;
            }

            lock (_gate)
            {
                block.Compressed = length;
                block.Failure = failure;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private CompressionBlock? TryTake()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            return _waiting.TryDequeue(out var block) ? block : null;
        }
    }
}

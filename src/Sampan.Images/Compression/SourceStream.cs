namespace Sampan.Images.Compression;

/// <summary>Buffers a stream so that its first bytes can be looked at, and hands every byte that passes to an observer (hash, blob file).</summary>
/// <param name="inner">Where the bytes come from.</param>
/// <param name="observer">Sees each byte once, in order; may be null.</param>
internal sealed class SourceStream(Stream inner, Action<ReadOnlySpan<byte>>? observer = null) : ReadOnlyStream
{
    private const int BufferSize = 128 << 10;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;

    /// <summary>Up to <paramref name="count"/> bytes that the next reads will give; fewer only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_end - _start < count && Fill())
        {
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (!Fill())
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <summary>Reads to the end, for the observer's sake.</summary>
    public void Drain()
    {
        do
        {
            _start = _end = 0;
        }
        while (Fill());
    }

    private bool Fill()
    {
        var count = inner.Read(_buffer.AsSpan(_end));
        observer?.Invoke(_buffer.AsSpan(_end, count));
        _end += count;
        return count > 0;
    }
}

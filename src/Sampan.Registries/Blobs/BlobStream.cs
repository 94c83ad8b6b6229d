using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Registries.Http;

namespace Sampan.Registries.Blobs;

/// <summary>The content of a blob: put together from as many answers as it takes, counted, hashed, and compared at the end.</summary>
internal sealed partial class BlobStream : Stream
{
    // What counts as getting further: a server that drops every connection after a few bytes is not followed for ever.
    private const int EnoughProgress = 64 << 10;

    private readonly BlobSource _source;
    private readonly Action<long>? _progress;
    private readonly RegistryOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Patience _patience;
    private readonly RegistryRequest _request;
    private Stream? _already;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private CancellationTokenSource? _watch;
    private long _position;
    private long _lastFailure;
    private int _failures;
    private long _windowBytes;
    private TimeSpan _windowTime;

    public BlobStream(BlobSource source, Stream? already, Action<long>? progress, RegistryOptions options, CancellationToken cancellation)
    {
        _source = source;
        _already = already;
        _progress = progress;
        _options = options;
        _cancellation = cancellation;
        _patience = new(options.Retry);

        // For messages only.
        _request = new(HttpMethod.Get, new("blob:" + source.Digest), Tokens.Scope.None);
        if (source.Size == 0)
        {
            Verify();
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _source.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var left = _source.Size - _position;
        if (left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        buffer = left < buffer.Length ? buffer[..(int)left] : buffer;
        var count = ReadAlready(buffer);
        if (count == 0)
        {
            count = ReadRemote(buffer);
            _progress?.Invoke(count);
        }

        _hash.AppendData(buffer[..count]);
        _position += count;
        if (_position == _source.Size)
        {
            Verify();
            Disconnect();
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
            _already?.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadAlready(Span<byte> buffer)
    {
        var count = _already?.Read(buffer) ?? 0;
        if (count == 0)
        {
            _already?.Dispose();
            _already = null;
        }

        return count;
    }

    private int ReadRemote(Span<byte> buffer)
    {
        while (true)
        {
            RegistryException failure;
            try
            {
                _cancellation.ThrowIfCancellationRequested();
                if (_body is null)
                {
                    Open();
                }

                var since = Stopwatch.GetTimestamp();
                _watch!.CancelAfter(_options.Stall);
                var count = _body!.Read(buffer);
                _watch.CancelAfter(Timeout.InfiniteTimeSpan);
                if (count > 0 && KeepsUp(count, Stopwatch.GetElapsedTime(since)))
                {
                    return count;
                }

                // Slow bytes are bytes; what comes next is asked for anew.
                failure = count == 0 ? Failure("ends too early") : Failure(string.Create(
                    CultureInfo.InvariantCulture, $"comes at less than {_options.SlowestRate} bytes a second for {_options.Stall.TotalSeconds:0.#} s"));
                if (count > 0)
                {
                    Retry(failure);
                    return count;
                }
            }
            catch (RegistryException error)
            {
                failure = error;
            }
            catch (Exception error) when (ConnectionWords.IsOfConnection(error))
            {
                _cancellation.ThrowIfCancellationRequested();
                failure = _watch?.IsCancellationRequested == true
                    ? Failure(string.Create(CultureInfo.InvariantCulture, $"does not come: nothing for {_options.Stall.TotalSeconds:0.#} s"))
                    : ConnectionWords.Broken(_request, error);
            }

            Retry(failure);
        }
    }

    private RegistryException Failure(string what) =>
        new(ErrorKind.Unavailable, $"blob {_source.Digest} {what}, at byte {_position} of {_source.Size}") { IsTransient = true };

    // Throws what went wrong when it did so too often.
    private void Retry(RegistryException failure)
    {
        Disconnect();
        if (_position - _lastFailure >= EnoughProgress)
        {
            _patience.Progressed();
            _failures = 0;
        }

        _lastFailure = _position;
        _failures++;
        if (!failure.IsTransient || !_patience.Wait(failure.RetryAfter, _cancellation))
        {
            throw new SampanException(failure.Kind, failure.Message, failure);
        }
    }

    // Only the time that reads take counts: how slow the reader is, is its own affair.
    private bool KeepsUp(int count, TimeSpan time)
    {
        _windowBytes += count;
        _windowTime += time;
        if (_windowTime < _options.Stall)
        {
            return true;
        }

        var keepsUp = _windowBytes >= _options.SlowestRate * _windowTime.TotalSeconds;
        _windowBytes = 0;
        _windowTime = TimeSpan.Zero;
        return keepsUp;
    }

    private void Verify()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        var digest = Digest.FromHash(hash);
        if (digest != _source.Digest)
        {
            Disconnect();
            throw new SampanException(ErrorKind.InvalidArgument, $"filesystem layer verification failed for digest {_source.Digest}: the registry sent {digest}");
        }
    }
}

using System.Net;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Http;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Uploads;

/// <summary>Brings one blob into a repository, however often the connection breaks.</summary>
internal sealed partial class BlobUpload
{
    private const int LongestAnswer = 64 << 10;

    private readonly Sender _sender;
    private readonly RegistryOptions _options;
    private readonly RepositoryPlace _place;
    private readonly Descriptor _blob;
    private readonly Digest _digest;
    private readonly Func<long, Stream> _open;
    private readonly PushOptions _push;
    private readonly CancellationToken _cancellation;
    private readonly string? _mountFrom;

    // Where the upload goes on; null before it has begun.
    private Uri? _session;
    private long _offset;
    private long _reported;
    private long _chunk;

    public BlobUpload(Sender sender, RegistryOptions options, RepositoryPlace place, Descriptor blob, Func<long, Stream> open, PushOptions push, CancellationToken cancellation)
    {
        _sender = sender;
        _options = options;
        _place = place;
        _blob = blob;
        _digest = Digest.Parse(blob.Digest);
        _open = open;
        _push = push;
        _cancellation = cancellation;
        var from = push.MountFrom?.Invoke(blob);
        _mountFrom = from == place.Path ? null : from;
    }

    /// <exception cref="RegistryException">The registry refuses, or does not answer often enough.</exception>
    public BlobOutcome Run()
    {
        if (Exists())
        {
            return BlobOutcome.Existed;
        }

        var patience = new Patience(_options.Retry);
        var resume = false;
        while (true)
        {
            var before = _offset;
            RegistryException failure;
            try
            {
                if (resume && !Resume() && Exists())
                {
                    // The answer to the last PUT was lost, not the PUT.
                    Report(_blob.Size);
                    return BlobOutcome.Pushed;
                }

                if (_session is null && Begin())
                {
                    return BlobOutcome.Mounted;
                }

                Send();
                return BlobOutcome.Pushed;
            }
            catch (RegistryException error) when (error.IsTransient || IsOutOfStep(error))
            {
                failure = error;
            }

            if (_offset > before)
            {
                patience.Progressed();
            }

            resume = true;
            if (!patience.Wait(failure.RetryAfter, _cancellation))
            {
                throw failure;
            }
        }
    }

    public bool Exists()
    {
        try
        {
            var answer = Ask(HttpMethod.Head, _place.At($"blobs/{_digest}", _cancellation), isRepeatable: true);
            return answer.Length is null || answer.Length == _blob.Size
                ? true
                : throw new RegistryException(ErrorKind.Conflict, $"blob {_digest} at {_place}: it has {answer.Length} bytes there and {_blob.Size} here");
        }
        catch (RegistryException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    // The registry's account of an upload and ours differ: another look at it, or another upload, helps.
    private static bool IsOutOfStep(RegistryException error) =>
        error.Status is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable || error.Code is "BLOB_UPLOAD_UNKNOWN" or "BLOB_UPLOAD_INVALID";

    // True when the registry had the blob in the other repository, and that was that.
    private bool Begin()
    {
        _offset = 0;
        var scope = _mountFrom is null ? Scope.Push(_place.Path) : Scope.Mount(_place.Path, _mountFrom);
        var query = _mountFrom is null ? "" : $"?mount={_digest}&from={Uri.EscapeDataString(_mountFrom)}";
        var answer = Ask(HttpMethod.Post, _place.At("blobs/uploads/" + query, _cancellation), scope: scope);
        if (answer.Status == HttpStatusCode.Created)
        {
            return true;
        }

        _session = Session(answer);
        _chunk = Math.Max(_push.ChunkSize, answer.ShortestChunk);
        return false;
    }

    // False when the registry knows nothing of the upload any more: it begins anew.
    private bool Resume()
    {
        if (_session is null)
        {
            return false;
        }

        try
        {
            var answer = Ask(HttpMethod.Get, _session);
            _session = answer.Location is null ? _session : Session(answer);
            _offset = End(answer) ?? 0;
            return true;
        }
        catch (RegistryException error) when (!error.IsTransient)
        {
            _session = null;
            _offset = 0;
            return false;
        }
    }

    private void Send()
    {
        if (_push.Style == UploadStyle.Monolithic && _offset == 0)
        {
            Finish(_blob.Size);
            return;
        }

        while (_offset < _blob.Size)
        {
            var left = _blob.Size - _offset;
            var length = _push.Style == UploadStyle.Chunked ? Math.Min(left, _chunk) : left;
            var answer = Ask(HttpMethod.Patch, _session!, length);
            var end = End(answer) ?? _offset + length;
            _session = Session(answer);
            if (end <= _offset || end > _blob.Size)
            {
                throw new RegistryException(ErrorKind.Unavailable, $"upload of blob {_digest} to {_place}: {end} bytes have arrived, says the registry")
                {
                    IsTransient = end <= _offset,
                };
            }

            _offset = end;
        }

        Finish(0);
    }

    private void Finish(long length)
    {
        var separator = _session!.Query.Length > 0 ? "&" : "?";
        Ask(HttpMethod.Put, new(_session.AbsoluteUri + separator + "digest=" + Uri.EscapeDataString(_digest.Value)), length);
    }
}

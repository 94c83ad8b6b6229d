using System.Net;
using Sampan.Linux;
using Sampan.Registries.Http;

namespace Sampan.Registries.Blobs;

/// <content>One connection of those that it takes.</content>
internal sealed partial class BlobStream
{
    private void Open()
    {
        _response = _source.Open(_position, _failures);
        var response = _response;

        // A read that waits knows of no token: closing the connection wakes it.
        _watch = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        _watch.Token.UnsafeRegister(static state => ((HttpResponseMessage)state!).Dispose(), response);
        var skip = CheckHead(response);
        _body = response.Content.ReadAsStream(_cancellation);
        Skip(skip);
    }

    // How many bytes come before those that are wanted.
    private long CheckHead(HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        var start = 0L;
        var total = headers.ContentLength;
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            var range = headers.ContentRange;
            if (range is not { Unit: "bytes", From: { } from } || from != _position || (range.Length ?? _source.Size) != _source.Size || range.To >= _source.Size)
            {
                throw new RegistryException(ErrorKind.Unavailable, $"blob {_source.Digest}: asked for bytes from {_position} on, the registry sends Content-Range \"{range}\"");
            }

            start = from;
            total = range.Length ?? (total is null ? null : total + from);
        }

        return total is null || total == _source.Size
            ? _position - start
            : throw new RegistryException(ErrorKind.InvalidArgument, $"blob {_source.Digest}: the manifest says {_source.Size} bytes, the registry {total}");
    }

    private void Skip(long count)
    {
        var buffer = new byte[(int)Math.Min(count, 64 << 10)];
        while (count > 0)
        {
            _watch!.CancelAfter(_options.Stall);
            var read = _body!.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            if (read == 0)
            {
                throw Failure("ends too early");
            }

            count -= read;
        }
    }

    private void Disconnect()
    {
        _watch?.Dispose();
        _watch = null;
        _body = null;
        _response?.Dispose();
        _response = null;
    }
}

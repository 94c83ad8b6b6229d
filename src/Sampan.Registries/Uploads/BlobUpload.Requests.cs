using System.Globalization;
using System.Runtime.ExceptionServices;
using Sampan.Linux;
using Sampan.Registries.Http;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Uploads;

/// <content>What it asks, and what the answers mean.</content>
internal sealed partial class BlobUpload
{
    // Where to go on. To another host nothing is sent along that proves who we are.
    private Uri Session(Answer answer)
    {
        var location = answer.Location
            ?? throw new RegistryException(ErrorKind.Unavailable, $"upload of blob {_digest} to {_place}: the registry does not say where to");
        var origin = _place.Server.Base(_cancellation);
        if (origin.Scheme == Uri.UriSchemeHttps && location.Scheme != Uri.UriSchemeHttps)
        {
            throw new RegistryException(
                ErrorKind.Unavailable,
                $"upload of blob {_digest} to {_place}: the registry wants it over plain HTTP at {location.Authority}: refused; "
                + "a proxy before it has to send X-Forwarded-Proto: https");
        }

        return location;
    }

    // "0-99" says that a hundred bytes have arrived; "0-0" says none or one.
    private static long? End(Answer answer)
    {
        var text = answer.Range;
        var dash = text?.LastIndexOf('-') ?? -1;
        if (dash < 0 || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            return null;
        }

        return last == 0 ? 0 : last + 1;
    }

    private Answer Ask(HttpMethod method, Uri address, long length = 0, Scope? scope = null, bool isRepeatable = false)
    {
        var start = _offset;
        UploadContent? body = null;
        var request = new RegistryRequest(method, address, scope ?? Scope.Push(_place.Path))
        {
            IsRepeatable = isRepeatable,
            AnswerTime = method == HttpMethod.Patch || method == HttpMethod.Put ? _options.CommitTime : null,
            Content = method == HttpMethod.Get || method == HttpMethod.Head ? null : touch => body = Content(start, length, touch, method == HttpMethod.Patch),
        };
        try
        {
            return _sender.Ask(_place.Server, request, LongestAnswer, _cancellation);
        }
        catch (RegistryException) when (body?.LocalError is EndOfStreamException)
        {
            throw SampanException.InvalidArgument($"blob {_digest}: its content is shorter than the {_blob.Size} bytes it is to have");
        }
        catch (RegistryException) when (body?.LocalError is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
            throw;
        }
    }

    private UploadContent Content(long start, long length, Action<bool> touch, bool withRange)
    {
        Report(start);
        var content = new UploadContent(_open, start, length, (count, isLast) =>
        {
            Report(_reported + count);
            touch(isLast);
        });
        if (length > 0)
        {
            content.Headers.ContentType = new("application/octet-stream");
        }

        if (withRange)
        {
            // Without unit and total, unlike RFC 9110's: distribution-spec, "Pushing a blob in chunks".
            content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{start}-{start + length - 1}"));
        }

        return content;
    }

    private void Report(long position)
    {
        if (position != _reported)
        {
            _push.Progress?.Invoke(_blob, position - _reported);
            _reported = position;
        }
    }
}

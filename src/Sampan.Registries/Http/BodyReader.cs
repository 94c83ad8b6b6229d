using Sampan.Linux;

namespace Sampan.Registries.Http;

/// <summary>Reads small answers whole.</summary>
internal static class BodyReader
{
    /// <param name="response">The answer.</param>
    /// <param name="limit">Most bytes that are accepted.</param>
    /// <param name="time">How long it may take all in all.</param>
    /// <param name="request">What was asked, for messages.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">It is too long, ends too early, or takes too long.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static byte[] Read(HttpResponseMessage response, int limit, TimeSpan time, RegistryRequest request, CancellationToken cancellation)
    {
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // A read that waits knows of no token: closing the connection wakes it.
        using var registration = watch.Token.UnsafeRegister(static state => ((HttpResponseMessage)state!).Dispose(), response);
        watch.CancelAfter(time);
        try
        {
            using var body = response.Content.ReadAsStream(watch.Token);
            var bytes = new byte[Math.Min(limit, 16 << 10)];
            var length = 0;
            while (true)
            {
                var count = body.Read(bytes, length, bytes.Length - length);
                length += count;
                if (count == 0)
                {
                    return bytes.AsSpan(0, length).ToArray();
                }

                if (length == bytes.Length)
                {
                    if (length > limit)
                    {
                        throw new RegistryException(ErrorKind.Unavailable, $"{request}: answer is longer than {limit} bytes");
                    }

                    Array.Resize(ref bytes, Math.Min(bytes.Length * 2, limit + 1));
                }
            }
        }
        catch (Exception error) when (ConnectionWords.IsOfConnection(error))
        {
            cancellation.ThrowIfCancellationRequested();
            throw watch.IsCancellationRequested ? ConnectionWords.Stalled(request, time) : ConnectionWords.Broken(request, error);
        }
    }
}

using System.Net;

namespace Sampan.Registries.Uploads;

/// <summary>A part of a blob as the body of a request.</summary>
/// <param name="open">Opens the blob at an offset.</param>
/// <param name="offset">The first byte.</param>
/// <param name="length">How many bytes.</param>
/// <param name="sent">Is told of bytes that left, and whether they were the last.</param>
internal sealed class UploadContent(Func<long, Stream> open, long offset, long length, Action<int, bool> sent) : HttpContent
{
    private const int BufferSize = 128 << 10;

    /// <summary>What went wrong on this side of the connection: no other attempt would help.</summary>
    public Exception? LocalError { get; private set; }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return;
        }

        using var content = Locally(() => open(offset));
        var buffer = new byte[(int)Math.Min(length, BufferSize)];
        for (var left = length; left > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wanted = (int)Math.Min(left, buffer.Length);
            var count = Locally(() => content.Read(buffer, 0, wanted) is var read and > 0 ? read : throw new EndOfStreamException());
            stream.Write(buffer, 0, count);
            left -= count;
            sent(count, left == 0);
        }
    }

    // Requests are sent by the thread that asks, which takes the method above.
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        SerializeToStream(stream, context, default);
        return Task.CompletedTask;
    }

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }

    // The handler makes a broken connection of whatever is thrown here.
    private T Locally<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error)
        {
            LocalError = error;
            throw;
        }
    }
}

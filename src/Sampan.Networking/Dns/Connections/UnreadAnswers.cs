using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Dns.Connections;

/// <summary>What a connection has been sent and not taken.</summary>
/// <param name="socket">The connection, non-blocking.</param>
internal sealed class UnreadAnswers(FileDescriptor socket)
{
    // The answers one can have asked for before the first of them was in his way.
    private const int Most = 128 << 10;

    private byte[] _bytes = [];
    private int _start;

    /// <summary>Whether there is any.</summary>
    public bool HasAny => _start < _bytes.Length;

    /// <summary>Sends an answer after its length (RFC 1035, 4.2.2), and keeps what is not taken.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>False where the connection is broken, or too much is kept.</returns>
    public bool Send(ReadOnlySpan<byte> answer)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
        var sent = HasAny ? 0 : UnixSocket.TrySend(socket, length, answer);
        if (sent < 0 && sent != -(int)Errno.EAGAIN)
        {
            return false;
        }

        sent = Math.Max(0, sent);
        return sent == answer.Length + 2 || Keep(length[Math.Min(sent, 2)..], answer[Math.Max(0, sent - 2)..]);
    }

    /// <summary>Sends what was kept.</summary>
    /// <returns>How many bytes were taken, or minus the error number.</returns>
    public int Flush()
    {
        var sent = UnixSocket.TrySend(socket, _bytes.AsSpan(_start));
        _start += Math.Max(0, sent);
        if (!HasAny)
        {
            _bytes = [];
            _start = 0;
        }

        return sent;
    }

    private bool Keep(ReadOnlySpan<byte> length, ReadOnlySpan<byte> answer)
    {
        var unread = _bytes.AsSpan(_start);
        if (unread.Length + length.Length + answer.Length > Most)
        {
            return false;
        }

        _bytes = [.. unread, .. length, .. answer];
        _start = 0;
        return true;
    }
}

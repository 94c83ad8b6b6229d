using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Dns.Forwarding;

/// <summary>One query and its answer over a connection to a server: each after its length (RFC 1035, 4.2.2).</summary>
internal sealed class StreamTransfer
{
    private readonly byte[] _length = new byte[2];
    private byte[]? _answer;
    private int _sent;
    private int _received;

    /// <summary>Sends as much as is taken.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="query">The whole query, the same each time.</param>
    /// <returns>True when all is sent, false when more can be sent later; null where it cannot.</returns>
    public bool? Send(FileDescriptor socket, ReadOnlySpan<byte> query)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)query.Length);
        var result = _sent < 2
            ? UnixSocket.TrySend(socket, length[_sent..], query)
            : UnixSocket.TrySend(socket, query[(_sent - 2)..]);
        if (result < 0)
        {
            return result == -(int)Errno.EAGAIN ? false : null;
        }

        _sent += result;
        return _sent == query.Length + 2;
    }

    /// <summary>Receives as much as has come.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="answer">The answer, once it is whole.</param>
    /// <returns>False where there will be none: the connection is broken, or the server has closed it.</returns>
    public bool Receive(FileDescriptor socket, out byte[]? answer)
    {
        answer = null;
        while (true)
        {
            var room = _answer is null ? _length.AsSpan(_received) : _answer.AsSpan(_received);
            var result = socket.TryRead(room);
            if (result <= 0)
            {
                return result == -(int)Errno.EAGAIN;
            }

            _received += result;
            if (result < room.Length)
            {
                continue;
            }

            if (_answer is not null)
            {
                answer = _answer;
                return true;
            }

            // An empty answer would be read as the end of the connection.
            var length = BinaryPrimitives.ReadUInt16BigEndian(_length);
            if (length == 0)
            {
                return false;
            }

            _answer = new byte[length];
            _received = 0;
        }
    }
}

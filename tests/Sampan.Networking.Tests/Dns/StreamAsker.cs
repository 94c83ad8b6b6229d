using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Networking.Tests.Dns;

/// <summary>An asker by TCP, on the loop of the server he asks.</summary>
internal sealed class StreamAsker : IEventHandler, IDisposable
{
    private readonly ServedZone _served;
    private readonly FileDescriptor _socket;
    private readonly List<byte> _received = [];
    private readonly byte[] _buffer = new byte[65536];

    public StreamAsker(ServedZone served)
    {
        _served = served;
        _socket = served.Connect();
        served.Loop.Add(_socket.Number, EpollEvents.Readable, this);
    }

    public bool IsClosed { get; private set; }

    public void Send(params byte[] bytes) => UnixSocket.TrySend(_socket, bytes).ShouldBe(bytes.Length);

    /// <summary>Sends as long as it is taken.</summary>
    public int TrySend(byte[] bytes) => UnixSocket.TrySend(_socket, bytes);

    public Reply Next()
    {
        _served.RunUntil(() => IsClosed || Length() is { } length && _received.Count >= length + 2);
        var end = Length().ShouldNotBeNull() + 2;
        var reply = new Reply([.. _received[2..end]]);
        _received.RemoveRange(0, end);
        return reply;
    }

    public void EndAsking() => StopWriting(_socket);

    public void OnReady(int descriptor, EpollEvents events)
    {
        var count = _socket.TryRead(_buffer);
        if (count > 0)
        {
            _received.AddRange(_buffer[..count]);
        }
        else if (count != -(int)Errno.EAGAIN)
        {
            IsClosed = true;
            _served.Loop.Remove(_socket.Number);
        }
    }

    public void Dispose()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _served.Loop.Remove(_socket.Number);
        }

        _socket.Dispose();
    }

    private static void StopWriting(FileDescriptor socket) =>
        Linux.Interop.Kernel.Check(Linux.Interop.Kernel.Call(Linux.Interop.SystemCall.Shutdown, socket.Number, 1), "shut down");

    private int? Length() => _received.Count < 2 ? null : BinaryPrimitives.ReadUInt16BigEndian([_received[0], _received[1]]);
}

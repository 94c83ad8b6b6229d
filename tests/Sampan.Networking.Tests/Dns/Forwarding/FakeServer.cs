using System.Buffers.Binary;
using System.Net;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns.Forwarding;

namespace Sampan.Networking.Tests.Dns.Forwarding;

/// <summary>A server that says what the test wants, by datagram and, at the same port, by TCP.</summary>
internal sealed class FakeServer : IEventHandler, IDisposable
{
    private readonly EventLoop _loop;
    private readonly FileDescriptor _datagrams;
    private readonly FileDescriptor _listener;
    private readonly DatagramBatch _batch = new(16, 4096);
    private readonly Dictionary<int, (FileDescriptor Socket, List<byte> Bytes)> _connections = [];
    private readonly byte[] _buffer = new byte[4096];

    public FakeServer(EventLoop loop)
    {
        _loop = loop;
        (_datagrams, _listener) = ServedZone.OpenPair();
        Address = PeerAddress.Of(_datagrams);
        loop.Add(_datagrams.Number, EpollEvents.Readable, this);
        loop.Add(_listener.Number, EpollEvents.Readable, this);
    }

    public PeerAddress Address { get; }

    public Upstream Upstream => new(Address);

    /// <summary>Says nothing where it is null, or answers null.</summary>
    public Func<byte[], byte[]?>? Answer { get; set; }

    /// <summary>A connection is closed without a word.</summary>
    public bool HangsUp { get; set; }

    public List<byte[]> Queries { get; } = [];

    /// <summary>Who sent them, where they were datagrams.</summary>
    public List<byte[]> Askers { get; } = [];

    public static Func<byte[], byte[]?> With(string address) => query => Question.Answer(query, addresses: IPAddress.Parse(address).GetAddressBytes());

    public void Say(byte[] asker, byte[] message) => DatagramSocket.TrySend(_datagrams, message, asker).ShouldBe(message.Length);

    public void OnReady(int descriptor, EpollEvents events)
    {
        if (descriptor == _datagrams.Number)
        {
            TakeDatagrams();
        }
        else if (descriptor == _listener.Number)
        {
            if (StreamListener.TryAccept(_listener, out _) is { } socket)
            {
                _connections.Add(socket.Number, (socket, []));
                _loop.Add(socket.Number, EpollEvents.Readable, this);
            }
        }
        else
        {
            TakeStream(descriptor);
        }
    }

    public void Dispose()
    {
        if (_datagrams.IsClosed)
        {
            return;
        }

        foreach (var descriptor in _connections.Keys.ToArray())
        {
            Close(descriptor);
        }

        _loop.Remove(_datagrams.Number);
        _loop.Remove(_listener.Number);
        _datagrams.Dispose();
        _listener.Dispose();
        _batch.Dispose();
    }

    private void TakeDatagrams()
    {
        var count = _batch.Receive(_datagrams);
        for (var index = 0; index < count; index++)
        {
            Queries.Add(_batch.Room(index)[.._batch.Length(index)].ToArray());
            Askers.Add(_batch.Address(index).ToArray());
            if (Answer?.Invoke(Queries[^1]) is { } answer)
            {
                Say(Askers[^1], answer);
            }
        }
    }

    private void TakeStream(int descriptor)
    {
        var (socket, bytes) = _connections[descriptor];
        var count = socket.TryRead(_buffer);
        if (count <= 0)
        {
            Close(descriptor);
            return;
        }

        bytes.AddRange(_buffer[..count]);
        if (bytes.Count < 2 || bytes.Count < 2 + BinaryPrimitives.ReadUInt16BigEndian([bytes[0], bytes[1]]))
        {
            return;
        }

        Queries.Add([.. bytes[2..]]);
        bytes.Clear();
        if (HangsUp)
        {
            Close(descriptor);
        }
        else if (Answer?.Invoke(Queries[^1]) is { } answer)
        {
            UnixSocket.TrySend(socket, Question.Framed(answer)).ShouldBe(answer.Length + 2);
        }
    }

    private void Close(int descriptor)
    {
        _loop.Remove(descriptor);
        _connections.Remove(descriptor, out var connection);
        connection.Socket.Dispose();
    }
}

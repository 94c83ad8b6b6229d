using System.Net;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Linux.Tests.Sockets;

public sealed class DatagramTests : IDisposable
{
    private readonly FileDescriptor _server = DatagramSocket.Bind(PeerAddress.Internet(IPAddress.Loopback, 0));
    private readonly FileDescriptor _client = ClientSocket.Make(2, isStream: false);
    private readonly DatagramBatch _batch = new(4, 8);

    public DatagramTests() => ClientSocket.Connect(_client, PeerAddress.Of(_server)).ShouldBeNull();

    [Fact]
    public void Datagrams_are_received_together_and_answered_together()
    {
        _batch.Receive(_server).ShouldBe(-(int)Errno.EAGAIN);
        UnixSocket.TrySend(_client, "one"u8).ShouldBe(3);
        UnixSocket.TrySend(_client, ""u8).ShouldBe(0);
        UnixSocket.TrySend(_client, "seventeen"u8).ShouldBe(9);
        _batch.Receive(_server).ShouldBe(3);
        (_batch.Length(0), _batch.Length(1), _batch.Length(2)).ShouldBe((3, 0, 8));
        _batch.Room(2).SequenceEqual("seventee"u8).ShouldBeTrue();
        _batch.Address(0).SequenceEqual(PeerAddress.Of(_client).Bytes.Span).ShouldBeTrue();

        "ONE"u8.CopyTo(_batch.Room(0));
        "SEVEN"u8.CopyTo(_batch.Room(2));
        _batch.Answer(2, 5);
        _batch.Answer(0, 3);
        _batch.Send(_server).ShouldBe(2);
        _batch.Send(_server).ShouldBe(0);
        Received().ShouldBe("SEVEN");
        Received().ShouldBe("ONE");
    }

    [Fact]
    public void What_is_more_than_a_batch_comes_in_the_next()
    {
        for (byte number = 0; number < 6; number++)
        {
            UnixSocket.TrySend(_client, [number]).ShouldBe(1);
        }

        _batch.Receive(_server).ShouldBe(4);
        _batch.Discard();
        _batch.Receive(_server).ShouldBe(2);
        (_batch.Room(0)[0], _batch.Room(1)[0]).ShouldBe(((byte)4, (byte)5));
        _batch.Address(1).SequenceEqual(PeerAddress.Of(_client).Bytes.Span).ShouldBeTrue();
    }

    [Fact]
    public void An_answer_the_kernel_refuses_does_not_keep_the_others_back()
    {
        using var other = ClientSocket.Make(10, isStream: false);
        using var server = DatagramSocket.Bind(PeerAddress.Internet(IPAddress.IPv6Loopback, 0));
        ClientSocket.Connect(other, PeerAddress.Of(server)).ShouldBeNull();
        UnixSocket.TrySend(other, "six"u8).ShouldBe(3);
        _batch.Receive(server).ShouldBe(1);
        _batch.Address(0).Length.ShouldBe(28);
        _batch.Answer(0, 3);

        // Its address is none of this socket's family.
        _batch.Send(_server).ShouldBe(0);
        UnixSocket.TrySend(_client, "four"u8).ShouldBe(4);
        _batch.Receive(_server).ShouldBe(1);
        _batch.Address(0).Length.ShouldBe(16);
        _batch.Answer(0, 4);
        _batch.Send(_server).ShouldBe(1);
        Received().ShouldBe("four");
    }

    [Fact]
    public void One_datagram_goes_to_an_address()
    {
        DatagramSocket.TrySend(_server, "hello"u8, PeerAddress.Of(_client).Bytes.Span).ShouldBe(5);
        Received().ShouldBe("hello");
        Should.Throw<LinuxException>(() => DatagramSocket.Bind(PeerAddress.Of(_server))).Errno.ShouldBe(Errno.EADDRINUSE);
    }

    [Fact]
    public void Connections_are_taken_as_they_come()
    {
        using var listener = StreamListener.Listen(PeerAddress.Internet(IPAddress.Loopback, 0));
        var address = PeerAddress.Of(listener);
        address.Port.ShouldBeGreaterThan(0);
        StreamListener.TryAccept(listener, out var problem).ShouldBeNull();
        problem.ShouldBeNull();
        using var client = ClientSocket.Make(address.Family, isStream: true);
        ClientSocket.Connect(client, address).ShouldBeOneOf(null, Errno.EINPROGRESS);
        Poll.Wait(listener.Number, EpollEvents.Readable, 5000).ShouldBeTrue();
        using var server = StreamListener.TryAccept(listener, out problem).ShouldNotBeNull();
        server.TryRead(new byte[1]).ShouldBe(-(int)Errno.EAGAIN);
        Should.Throw<LinuxException>(() => StreamListener.Listen(address)).Message.ShouldContain($"listen on port {address.Port}");
        StreamListener.TryAccept(client, out problem).ShouldBeNull();
        problem.ShouldBe(Errno.EINVAL);
    }

    public void Dispose()
    {
        _batch.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    private string Received()
    {
        var buffer = new byte[16];
        Poll.Wait(_client.Number, EpollEvents.Readable, 5000).ShouldBeTrue();
        return System.Text.Encoding.ASCII.GetString(buffer, 0, _client.TryRead(buffer));
    }
}

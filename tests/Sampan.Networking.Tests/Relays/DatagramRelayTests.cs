using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sampan.Networking.Tests.Relays;

/// <summary>Datagrams that are carried.</summary>
public sealed class DatagramRelayTests
{
    [Fact]
    public void Each_sender_gets_his_answers_and_from_whom_he_asked()
    {
        using var port = new RelayedPort(isStream: false);
        port.Server.Blocking = false;
        var (one, two) = (port.Connect(), port.Connect());
        one.Send("one"u8).ShouldBe(3);
        two.Send("two"u8).ShouldBe(3);
        Answer(port, 2);

        // A connected socket takes only what comes from the address that it sent to.
        Take(port, one).ShouldBe("to one");
        Take(port, two).ShouldBe("to two");
        one.Send(""u8).ShouldBe(0);
        Answer(port, 1);
        Take(port, one).ShouldBe("to ");
        one.Send(new byte[60_000]).ShouldBe(60_000);
        Answer(port, 1);
        Take(port, one).Length.ShouldBe(60_003);
        port.Relay.Senders.ShouldBe(2);
    }

    [Fact]
    public void Who_is_silent_is_forgotten()
    {
        using var port = new RelayedPort(isStream: false, new() { SenderMilliseconds = 100 });
        port.Server.Blocking = false;
        var one = port.Connect();
        one.Send("one"u8).ShouldBe(3);
        Answer(port, 1);
        port.Relay.Senders.ShouldBe(1);
        port.RunUntil(() => port.Relay.Senders == 0);
        one.Send("again"u8).ShouldBe(5);
        Answer(port, 1);
    }

    [Fact]
    public void There_are_no_more_senders_than_may_be()
    {
        using var port = new RelayedPort(isStream: false, new() { Senders = 3, ShortMilliseconds = 200 });
        port.Server.Blocking = false;
        var senders = Enumerable.Range(0, 5).Select(_ => port.Connect()).ToList();
        senders.ForEach(static sender => sender.Send("x"u8).ShouldBe(1));
        Answer(port, 3);
        port.RunUntilIdle();
        port.Relay.Senders.ShouldBe(3);
        port.Server.Poll(0, SelectMode.SelectRead).ShouldBeFalse("a fourth one was carried");

        // Those who have been silent for a while make room.
        port.RunUntil(() =>
        {
            senders[4].Send("late"u8);
            return port.Server.Poll(0, SelectMode.SelectRead);
        });
        port.Relay.Senders.ShouldBe(3);
    }

    [Fact]
    public void Where_nobody_receives_nothing_happens()
    {
        using var port = new RelayedPort(isStream: false, hasServer: false);
        var one = port.Connect();
        for (var count = 0; count < 3; count++)
        {
            one.Send("lost"u8).ShouldBe(4);
            port.RunUntilIdle();
        }

        RelayedPort.Take(one).ShouldBeNull();
    }

    private static void Answer(RelayedPort port, int count)
    {
        var buffer = new byte[1 << 16];
        for (; count > 0; count--)
        {
            port.RunUntil(() => port.Server.Poll(0, SelectMode.SelectRead));
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var length = port.Server.ReceiveFrom(buffer, ref from);
            port.Server.SendTo([.. "to "u8, .. buffer.AsSpan(0, length)], from);
        }
    }

    private static string Take(RelayedPort port, Socket socket)
    {
        byte[]? taken = null;
        port.RunUntil(() => (taken = RelayedPort.Take(socket)) is not null);
        return Encoding.ASCII.GetString(taken!);
    }
}

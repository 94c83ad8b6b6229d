using System.Net;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Networking.Dns;
using Sampan.Networking.Dns.Zones;

namespace Sampan.Networking.Tests.Dns;

/// <summary>A name server on a loop of the test's own, and an asker on the same loop: one thread, nothing to race with.</summary>
internal sealed class ServedZone : IEventHandler, IDisposable
{
    private readonly FileDescriptor _asker;
    private readonly byte[] _buffer = new byte[65536];

    public ServedZone(NameZone? zone = null, NameServerLimits? limits = null)
    {
        Zone = zone ?? NameZone.Empty;
        var (datagrams, listener) = OpenPair();
        Address = PeerAddress.Of(datagrams);
        Server = new(Loop, datagrams, listener, () => Zone, limits);
        _asker = ClientSocket.Make(Address.Family, isStream: false);
        ClientSocket.Connect(_asker, Address).ShouldBeNull();
        Loop.Add(_asker.Number, EpollEvents.Readable, this);
    }

    public EventLoop Loop { get; } = new();

    public NameServer Server { get; }

    public NameZone Zone { get; set; }

    /// <summary>Where it takes datagrams and connections.</summary>
    public PeerAddress Address { get; }

    /// <summary>What the asker has been answered.</summary>
    public Queue<byte[]> Answers { get; } = [];

    /// <summary>A socket for datagrams and one for connections, at one port of the loopback.</summary>
    public static (FileDescriptor Datagrams, FileDescriptor Listener) OpenPair()
    {
        for (var attempt = 0; ; attempt++)
        {
            var datagrams = DatagramSocket.Bind(PeerAddress.Internet(IPAddress.Loopback, 0));
            try
            {
                return (datagrams, StreamListener.Listen(PeerAddress.Internet(IPAddress.Loopback, PeerAddress.Of(datagrams).Port)));
            }
            catch (LinuxException problem) when (problem.Errno == Errno.EADDRINUSE && attempt < 20)
            {
                // Somebody listens at that port: another one.
                datagrams.Dispose();
            }
        }
    }

    public static NameZone Names(params NetworkNames[] networks) => new(networks);

    public static NamedHost Host(string name, string others, params string[] addresses) =>
        new(name, others.Split(' ', StringSplitOptions.RemoveEmptyEntries), [.. addresses.Select(IPAddress.Parse)]);

    /// <summary>Lets things happen until something is so.</summary>
    public void RunUntil(Func<bool> condition, int milliseconds = 10_000)
    {
        var end = Environment.TickCount64 + milliseconds;
        while (!condition())
        {
            Environment.TickCount64.ShouldBeLessThan(end, "it did not happen in time");
            Loop.RunOnce(20);
        }
    }

    public void Send(byte[] query) => UnixSocket.TrySend(_asker, query).ShouldBe(query.Length);

    public Reply Ask(byte[] query)
    {
        Send(query);
        return Next();
    }

    public Reply Next()
    {
        RunUntil(() => Answers.Count > 0);
        return new(Answers.Dequeue());
    }

    /// <summary>What was sent is answered with nothing: what is sent after it is answered first.</summary>
    public void ShouldBeSilentOn(byte[] message)
    {
        Send(message);
        Ask(Question.Make("probe", id: 0x7777, flags: 0x2800)).Id.ShouldBe((ushort)0x7777);
        Answers.ShouldBeEmpty();
    }

    /// <summary>Another asker, by TCP.</summary>
    public FileDescriptor Connect()
    {
        var socket = ClientSocket.Make(Address.Family, isStream: true);
        ClientSocket.Connect(socket, Address).ShouldBeOneOf(null, Errno.EINPROGRESS);
        Poll.Wait(socket.Number, EpollEvents.Writable, 5000).ShouldBeTrue();
        return socket;
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        var count = _asker.TryRead(_buffer);
        if (count >= 0)
        {
            Answers.Enqueue(_buffer[..count]);
        }
    }

    public void Dispose()
    {
        Server.Dispose();
        _asker.Dispose();
        Loop.Dispose();
    }
}

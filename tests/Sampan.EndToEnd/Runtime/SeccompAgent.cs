using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Listens for one seccomp listener and answers its notifications (seccomp_unotify(2)).</summary>
internal sealed unsafe partial class SeccompAgent : IDisposable
{
    private const nuint Receive = 0xC050_2100;
    private const nuint Answer = 0xC018_2101;
    private const uint Continue = 1;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _thread;
    private readonly int _refused;

    /// <summary>Begins to listen.</summary>
    /// <param name="path">Path of the socket.</param>
    /// <param name="refused">Number of the call that is answered with EADDRNOTAVAIL and ends the agent; all others go on.</param>
    public SeccompAgent(string path, int refused)
    {
        _refused = refused;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen(1);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>What came with the descriptor.</summary>
    public string State { get; private set; } = "";

    /// <summary>Numbers of the calls it was asked about.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>Waits until it has refused the call.</summary>
    public void Join() => _thread.Join(Patience.Limit).ShouldBeTrue("the agent was not asked about the call");

    public void Dispose() => _socket.Dispose();

    private void Serve()
    {
        try
        {
            using var connection = _socket.Accept();
            (var listener, State) = DescriptorReceiver.Take((int)connection.Handle);
            while (AnswerOne(listener) != _refused)
            {
                // Until the one that ends it.
            }

            close(listener);
        }
        catch (SocketException)
        {
            // Disposed before anybody came: the test says what was missing.
        }
    }

    private int AnswerOne(int listener)
    {
        // struct seccomp_notif: id, pid, flags, then struct seccomp_data, which begins with the number.
        var question = stackalloc byte[80];
        new Span<byte>(question, 80).Clear();
        if (ioctl(listener, Receive, question) != 0)
        {
            return _refused;
        }

        var number = *(int*)(question + 16);
        Calls.Add(number);

        // struct seccomp_notif_resp: id, value, error, flags.
        var answer = stackalloc byte[24];
        new Span<byte>(answer, 24).Clear();
        *(ulong*)answer = *(ulong*)question;
        *(int*)(answer + 16) = number == _refused ? -99 : 0;
        *(uint*)(answer + 20) = number == _refused ? 0 : Continue;
        ioctl(listener, Answer, answer);
        return number;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, byte* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Takes descriptors that come over a unix socket (unix(7), SCM_RIGHTS).</summary>
internal sealed unsafe partial class DescriptorReceiver : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Begins to listen.</summary>
    /// <param name="path">Path of the socket.</param>
    public DescriptorReceiver(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen(1);
    }

    /// <summary>Waits for one, which stays open.</summary>
    /// <returns>Its number, and the text that came with it.</returns>
    public (int Descriptor, string Text) Take()
    {
        _socket.ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds;
        using var connection = _socket.Accept();
        return Take((int)connection.Handle);
    }

    /// <summary>The same from a connection.</summary>
    /// <param name="connection">Number of the connected socket.</param>
    /// <returns>Number and text.</returns>
    public static (int Descriptor, string Text) Take(int connection)
    {
        var text = stackalloc byte[4096];
        var control = stackalloc byte[24];
        var vector = stackalloc nint[2];
        vector[0] = (nint)text;
        vector[1] = 4096;
        var message = stackalloc nint[7];
        new Span<nint>(message, 7).Clear();
        message[2] = (nint)vector;
        message[3] = 1;
        message[4] = (nint)control;
        message[5] = 24;
        var length = (int)recvmsg(connection, message, 0);
        return (*(int*)(control + 16), Encoding.UTF8.GetString(text, Math.Max(length, 0)));
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, nint* message, int flags);
}

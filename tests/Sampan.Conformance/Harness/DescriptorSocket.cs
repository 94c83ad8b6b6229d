using System.Net.Sockets;
using System.Text;

namespace Sampan.Conformance.Harness;

/// <summary>A listening unix socket that receives messages with descriptors: what --console-socket and listenerPath connect to.</summary>
public sealed class DescriptorSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Listens on a path.</summary>
    public DescriptorSocket(string path)
    {
        Path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    /// <summary>Where it listens.</summary>
    public string Path { get; }

    /// <summary>Takes one connection and reads it to its end.</summary>
    /// <returns>The bytes as text and the descriptors, in order.</returns>
    public (string Text, List<int> Descriptors) Receive()
    {
        _listener.Poll(Patience.Limit, SelectMode.SelectRead).ShouldBeTrue("nobody connects to " + Path);
        using var connection = _listener.Accept();
        var text = new StringBuilder();
        var descriptors = new List<int>();
        while (connection.Poll(Patience.Limit, SelectMode.SelectRead) && ReceiveOne((int)connection.Handle, text, descriptors))
        {
        }

        return (text.ToString(), descriptors);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static unsafe bool ReceiveOne(int socket, StringBuilder text, List<int> descriptors)
    {
        var data = stackalloc byte[16 * 1024];
        var control = stackalloc byte[1024];
        var vector = new Native.Vector { Base = data, Length = 16 * 1024 };
        var message = new Native.Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 1024 };
        var read = Native.recvmsg(socket, &message, 0);
        if (read <= 0)
        {
            return false;
        }

        text.Append(Encoding.UTF8.GetString(data, (int)read));

        // struct cmsghdr: size_t length, int level, int type, then the payload (cmsg(3)).
        if (message.ControlLength >= 16 && *(int*)(control + 8) == Native.SOL_SOCKET && *(int*)(control + 12) == Native.SCM_RIGHTS)
        {
            var count = ((int)*(nuint*)control - 16) / sizeof(int);
            for (var i = 0; i < count; i++)
            {
                descriptors.Add(((int*)(control + 16))[i]);
            }
        }

        return true;
    }
}

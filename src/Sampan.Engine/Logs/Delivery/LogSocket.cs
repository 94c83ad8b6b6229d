using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Logs.Delivery;

/// <summary>A connection to whoever takes lines, made anew when it is lost.</summary>
/// <param name="peer">Whom to.</param>
/// <param name="isStream">Messages follow each other in a stream; a datagram is one.</param>
internal sealed class LogSocket(PeerAddress peer, bool isStream) : IDisposable
{
    private FileDescriptor? _socket;

    /// <summary>What to wait on; -1 while there is no connection.</summary>
    public int Number => _socket?.Number ?? -1;

    /// <summary>The peer's going can be noticed, and a message can be sent in parts.</summary>
    public bool IsStream { get; } = isStream;

    /// <summary>Connects without waiting.</summary>
    /// <returns>Null when it is connected, EINPROGRESS when it will be writable once it is, or why it cannot be.</returns>
    public Errno? Connect()
    {
        Close();
        var socket = ClientSocket.Make(peer.Family, IsStream);
        var result = ClientSocket.Connect(socket, peer);
        if (result is null or Errno.EINPROGRESS)
        {
            _socket = socket;
        }
        else
        {
            socket.Dispose();
        }

        return result;
    }

    /// <summary>What became of connecting; null when all is well.</summary>
    public Errno? Outcome() => ClientSocket.Error(_socket!);

    /// <summary>Sends without waiting.</summary>
    /// <returns>Bytes sent, or minus the error number (EAGAIN).</returns>
    public int TrySend(ReadOnlySpan<byte> message)
    {
        var sent = UnixSocket.TrySend(_socket!, message);
        return sent == -(int)Errno.EMSGSIZE ? TrySendAsFile(message) : sent;
    }

    /// <summary>Whether the peer has closed the stream. What it says is passed over: a log is told, not talked to.</summary>
    public bool IsClosedByPeer()
    {
        Span<byte> words = stackalloc byte[256];
        int count;
        do
        {
            count = _socket!.TryRead(words);
        }
        while (count > 0);
        return count != -(int)Errno.EAGAIN;
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Close();

    /// <summary>What is too long for a datagram goes to journald as a sealed file without a name (systemd.io/JOURNAL_NATIVE_PROTOCOL).</summary>
    private int TrySendAsFile(ReadOnlySpan<byte> message)
    {
        if (peer.Family != PeerAddress.FamilyUnix || IsStream)
        {
            return -(int)Errno.EMSGSIZE;
        }

        using var file = MemoryFile.Create("journal", sealable: true);
        file.WriteAll(message);
        MemoryFile.Seal(file);
        var result = DescriptorPassing.TrySendAlone(_socket!, file);
        return result < 0 ? result : message.Length;
    }
}

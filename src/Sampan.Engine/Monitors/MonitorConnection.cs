using System.Buffers.Binary;
using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>
/// A command's end of the conversation with a container's monitor. The socket does not block: the command polls it together with its
/// terminal, receives when it is readable and flushes when it is writable. While <see cref="WantsWrite"/> the command must not read
/// its own input, so that a container that does not read holds back whoever feeds it. Closing it detaches.
/// </summary>
public sealed class MonitorConnection : IDisposable
{
    private readonly FrameReceiver _receiver = new(8 << 10);
    private readonly FrameSender _sender = new();

    /// <summary>Takes ownership of a connected socket.</summary>
    /// <param name="socket">The socket; made non-blocking.</param>
    /// <exception cref="LinuxException">fcntl(2) failed.</exception>
    internal MonitorConnection(FileDescriptor socket)
    {
        Socket = socket;
        socket.SetNonBlocking();
    }

    /// <summary>What to poll.</summary>
    public FileDescriptor Socket { get; }

    /// <summary>The process's id on the host, for a start or an exec; 0 for an attach.</summary>
    public int Pid { get; private set; }

    /// <summary>There are bytes the monitor has not taken: poll for <see cref="EpollEvents.Writable"/> and call <see cref="Flush"/>.</summary>
    public bool WantsWrite => _sender.Pending > 0 && !_sender.Broken;

    /// <summary>Reads what is there; poll before.</summary>
    /// <returns>False when the monitor has closed the connection.</returns>
    /// <exception cref="LinuxException">read(2) failed.</exception>
    public bool Receive()
    {
        var count = _receiver.Fill(Socket);
        return count switch
        {
            0 or -(int)Errno.ECONNRESET => false,
            -(int)Errno.EAGAIN => true,
            < 0 => throw new LinuxException((Errno)(-count), "read", "monitor socket"),
            _ => true,
        };
    }

    /// <summary>Takes the next frame that has arrived as a whole.</summary>
    /// <param name="frame">The frame; valid until the next <see cref="Receive"/>.</param>
    /// <returns>False when more must be received first.</returns>
    public bool TryTakeFrame(out MonitorFrame frame) => _receiver.TryTake(out frame);

    /// <summary>Waits for the next frame.</summary>
    /// <param name="frame">The frame; valid until the next call.</param>
    /// <returns>False when the monitor has closed the connection.</returns>
    /// <exception cref="LinuxException">read(2) failed.</exception>
    public bool WaitForFrame(out MonitorFrame frame)
    {
        while (!TryTakeFrame(out frame))
        {
            Poll.Wait(Socket.Number, WantsWrite ? EpollEvents.Readable | EpollEvents.Writable : EpollEvents.Readable);
            Flush();
            if (!Receive())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Input for the process; longer than a frame is cut.</summary>
    /// <param name="bytes">The bytes.</param>
    public void SendInput(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, MonitorFrame.MaximumPayload);
            _sender.Send(Socket, FrameType.Stdin, bytes[..length]);
            bytes = bytes[length..];
        }
    }

    /// <summary>The caller's input is at its end.</summary>
    public void SendEndOfInput() => _sender.Send(Socket, FrameType.EndOfInput, default);

    /// <summary>The caller's terminal has another size.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public void SendResize(ushort rows, ushort columns)
    {
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(size, rows);
        BinaryPrimitives.WriteUInt16BigEndian(size[2..], columns);
        _sender.Send(Socket, FrameType.Resize, size);
    }

    /// <summary>Sends what the monitor has not taken yet, as far as it takes it.</summary>
    public void Flush() => _sender.Flush(Socket);

    /// <summary>Waits for the end of the process, discarding its output.</summary>
    /// <returns>Its exit code; null when the monitor was lost before it said one.</returns>
    /// <exception cref="SampanException">The monitor reported an error.</exception>
    public int? WaitForExit()
    {
        while (WaitForFrame(out var frame))
        {
            switch (frame.Type)
            {
                case FrameType.Exited:
                    return frame.Number;
                case FrameType.Error:
                    throw frame.ToException();
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

    /// <summary>Whether the monitor has closed the connection, or died.</summary>
    internal bool IsLost => Poll.Wait(Socket.Number, EpollEvents.Readable, 0) && !Receive();

    /// <summary>What to say where a monitor goes away without a word: its container has ended, or goes on and gets another with the next command.</summary>
    /// <param name="container">Whose.</param>
    internal static string Unanswered(Container container) => StateFile.ReadRecorded(container.Directory).Running
        ? $"the monitor of container {container.Name} died before it answered: try again, the next command gives it another"
        : $"container {container.Id} is not running";

    /// <summary>Sends the first frame.</summary>
    internal void SendRequest(MonitorRequest request) =>
        _sender.Send(Socket, FrameType.Request, EngineJson.MonitorRequest.ToBytes(request));

    /// <summary>Waits for the first answer.</summary>
    /// <param name="expected">What is hoped for.</param>
    /// <param name="lost">What to say where the monitor goes away without a word.</param>
    internal void WaitFor(FrameType expected, Func<string> lost)
    {
        if (!WaitForFrame(out var frame))
        {
            throw new SampanException(ErrorKind.Internal, lost());
        }

        if (frame.Type == FrameType.Error)
        {
            throw frame.ToException();
        }

        if (frame.Type != expected)
        {
            throw new SampanException(ErrorKind.Internal, $"the monitor answered {frame.Type} where {expected} was expected");
        }

        if (expected == FrameType.Started)
        {
            Pid = frame.Number;
        }
    }
}

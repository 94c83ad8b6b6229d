using System.Buffers.Binary;
using System.Text.Json;
using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>A command connected to the monitor.</summary>
internal sealed class MonitorClient : IEventHandler
{
    /// <summary>Milliseconds a client that came by attach may take nothing while output waits for him.</summary>
    public const long Patience = 30_000;

    private readonly EventLoop _loop;
    private readonly FileDescriptor _socket;
    private readonly IMonitorClientOwner _owner;
    private readonly FrameReceiver _receiver = new(512);
    private readonly FrameSender _sender = new();
    private EpollEvents _watched = EpollEvents.Readable;
    private bool _reading = true;
    private bool _closing;

    public MonitorClient(EventLoop loop, FileDescriptor socket, IMonitorClientOwner owner)
    {
        _loop = loop;
        _socket = socket;
        _owner = owner;
        socket.SetNonBlocking();
        loop.Add(socket.Number, _watched, this);
    }

    /// <summary>The process whose streams it has; null for one that asks something else.</summary>
    public ProcessSession? Session { get; private set; }

    /// <summary>Its input goes to the process.</summary>
    public bool FeedsInput { get; private set; }

    /// <summary>It may hold the process back for as long as it likes: the container was started for it.</summary>
    public bool IsPatient { get; init; }

    public bool WantsStdout { get; private set; }

    public bool WantsStderr { get; private set; }

    /// <summary>Bytes it has not taken.</summary>
    public int Waiting => _sender.Pending;

    /// <summary>When it last took something, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastTaken { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Gives it the streams of a process.</summary>
    public void Join(ProcessSession session, bool input, bool stdout, bool stderr)
    {
        Session = session;
        FeedsInput = input && session.Input is not null;
        WantsStdout = stdout;
        WantsStderr = stderr;
        session.Attach(this);
    }

    /// <summary>Sends output it wants.</summary>
    /// <param name="stream">Which.</param>
    /// <param name="frame">Room for a header, then the bytes.</param>
    /// <returns>Bytes that wait for it now.</returns>
    public int SendOutput(LogStream stream, Span<byte> frame)
    {
        if (_closing || !(stream == LogStream.Stdout ? WantsStdout : WantsStderr))
        {
            return 0;
        }

        if (_sender.Pending == 0)
        {
            LastTaken = Environment.TickCount64;
        }

        var type = stream == LogStream.Stdout ? FrameType.Stdout : FrameType.Stderr;
        MonitorFrame.WriteHeader(frame, type, frame.Length - MonitorFrame.HeaderLength);
        _sender.SendWhole(_socket, frame);
        Rewatch();
        return _sender.Pending;
    }

    public void Send(FrameType type, ReadOnlySpan<byte> payload = default)
    {
        if (!_closing)
        {
            _sender.Send(_socket, type, payload);
            Rewatch();
        }
    }

    public void SendNumber(FrameType type, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        Send(type, payload);
    }

    public void SendError(ErrorKind kind, string message) =>
        Send(
            FrameType.Error,
            EngineJson.MonitorError.ToBytes(new MonitorError { Kind = kind.ToString(), Message = message }));

    /// <summary>Sends what waits and then closes; nothing it says is heard any more.</summary>
    public void CloseWhenFlushed()
    {
        _closing = true;
        if (_sender.Pending == 0)
        {
            Close();
        }
        else
        {
            Rewatch();
        }
    }

    /// <summary>Closes at once; what waits is lost.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        _closing = true;
        Watch(EpollEvents.None);
        _socket.Dispose();
        Session?.Detach(this);
        _owner.OnClosed(this);
    }

    /// <summary>The process takes input again.</summary>
    public void ResumeReading()
    {
        if (!_reading && !IsClosed)
        {
            _reading = true;
            TakeFrames();
            Rewatch();
        }
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != EpollEvents.None)
        {
            FlushOutput();
        }

        if (IsClosed)
        {
            return;
        }

        if (_closing || _sender.Broken)
        {
            if ((events & (EpollEvents.HangUp | EpollEvents.Error)) != EpollEvents.None || _sender.Broken)
            {
                Close();
            }
        }
        else if (_reading)
        {
            ReceiveInput();
        }
        else if ((events & EpollEvents.HangUp) != EpollEvents.None)
        {
            // It has gone and left input the process does not take yet: that is kept in the socket.
            Watch(EpollEvents.None);
        }
    }

    private void FlushOutput()
    {
        var before = _sender.Pending;
        _sender.Flush(_socket);
        if (_sender.Pending < before)
        {
            LastTaken = Environment.TickCount64;
        }

        if (_closing && _sender.Pending == 0)
        {
            Close();
            return;
        }

        Session?.OnClientDrained();
        Rewatch();
    }

    private void ReceiveInput()
    {
        var count = _receiver.Fill(_socket);
        if (count > 0)
        {
            TakeFrames();
            if (!IsClosed)
            {
                Rewatch();
            }
        }
        else if (count != -(int)Errno.EAGAIN)
        {
            Close();
        }
    }

    private void TakeFrames()
    {
        try
        {
            while (_reading && !_closing && _receiver.TryTake(out var frame))
            {
                Take(frame);
            }
        }
        catch (SampanException exception)
        {
            SendError(exception.Kind, exception.Message);
            CloseWhenFlushed();
        }
    }

    private void Take(in MonitorFrame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Request:
                _owner.OnRequest(this, ParseRequest(frame.Payload));
                break;
            case FrameType.Stdin when FeedsInput:
                Session!.Input!.Write(frame.Payload);
                _reading = !Session.Input.IsFull;
                break;
            case FrameType.EndOfInput when FeedsInput && Session!.InputEndsWithClient:
                Session.Input!.End();
                break;
            case FrameType.Resize when frame.Payload.Length == 4:
                Session?.Resize(BinaryPrimitives.ReadUInt16BigEndian(frame.Payload), BinaryPrimitives.ReadUInt16BigEndian(frame.Payload[2..]));
                break;
        }
    }

    private static MonitorRequest ParseRequest(ReadOnlySpan<byte> json)
    {
        try
        {
            return EngineJson.MonitorRequest.Parse(json);
        }
        catch (JsonException exception)
        {
            throw SampanException.InvalidArgument($"the request is not understood: {exception.Message}");
        }
    }

    private void Rewatch()
    {
        if (!IsClosed)
        {
            Watch((_reading && !_closing ? EpollEvents.Readable : EpollEvents.None) | (_sender.Pending > 0 ? EpollEvents.Writable : EpollEvents.None));
        }
    }

    private void Watch(EpollEvents events)
    {
        if (events == _watched)
        {
            return;
        }

        if (events == EpollEvents.None)
        {
            _loop.Remove(_socket.Number);
        }
        else if (_watched == EpollEvents.None)
        {
            _loop.Add(_socket.Number, events, this);
        }
        else
        {
            _loop.Modify(_socket.Number, events);
        }

        _watched = events;
    }
}

using Sampan.Engine.Monitors;
using Sampan.Linux.Events;

namespace Sampan.Engine.Logs;

/// <summary>Waits for more of a log, until the container ends. A monitor that dies without a word of that is followed by the next.</summary>
internal sealed class Following : IDisposable
{
    private readonly Func<MonitorConnection?> _connect;
    private readonly Inotify _changes = new();
    private readonly LogReadOptions _options;
    private MonitorConnection _monitor;

    private Following(Func<MonitorConnection?> connect, MonitorConnection monitor, LogReadOptions options, ILogConsumer consumer)
    {
        _connect = connect;
        _monitor = monitor;
        _options = options;
        Consumer = consumer;
    }

    /// <summary>Who gets the lines.</summary>
    public ILogConsumer Consumer { get; }

    /// <summary>Which lines.</summary>
    public LogReadOptions Options => _options;

    /// <summary>Watches from now on: what is written later is told of, and the end comes after the last line.</summary>
    /// <param name="connect">Connects to the monitor.</param>
    /// <param name="directory">Where the log's files are.</param>
    /// <param name="options">Which part.</param>
    /// <param name="consumer">Who gets the lines.</param>
    /// <returns>Null where the container does not run.</returns>
    public static Following? Begin(Func<MonitorConnection?> connect, string directory, LogReadOptions options, ILogConsumer consumer)
    {
        if (connect() is not { } monitor)
        {
            return null;
        }

        var following = new Following(connect, monitor, options, consumer);
        following._changes.Watch(directory, InotifyEvents.Modified | InotifyEvents.Created | InotifyEvents.MovedTo);
        following.Ask();
        return following;
    }

    /// <returns>True when the container has ended, or the time asked for.</returns>
    public bool WaitForMore()
    {
        Span<PollEntry> entries = [new(_changes.Descriptor.Number, EpollEvents.Readable), new(_monitor.Socket.Number, EpollEvents.Readable)];
        var timeout = _options.Until is { } until ? (int)Math.Clamp((until - DateTimeOffset.UtcNow).TotalMilliseconds + 1, 0, int.MaxValue) : -1;
        if (Poll.Wait(entries, timeout) == 0)
        {
            return timeout >= 0 && DateTimeOffset.UtcNow >= _options.Until;
        }

        _changes.Drain();
        return entries[1].Ready != EpollEvents.None && HasEnded();
    }

    public void Dispose()
    {
        _monitor.Dispose();
        _changes.Dispose();
    }

    private void Ask() => _monitor.SendRequest(new MonitorRequest { Operation = "wait", ToTheLast = true });

    private bool HasEnded()
    {
        var open = _monitor.Receive();
        while (_monitor.TryTakeFrame(out var frame))
        {
            if (frame.Type is FrameType.Exited or FrameType.Error)
            {
                return true;
            }
        }

        if (open)
        {
            return false;
        }

        if (_connect() is not { } next)
        {
            return true;
        }

        _monitor.Dispose();
        _monitor = next;
        Ask();
        return false;
    }
}

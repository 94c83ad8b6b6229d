using Sampan.Engine.Logs.Delivery;
using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Logs;

/// <summary>Docker's syslog driver: a line of the log is a line of syslog, standard error's with severity error.</summary>
internal sealed class SyslogSink : ILogSink
{
    private const int ConnectMilliseconds = 10_000;
    private readonly SyslogLine _line;

    /// <summary>Connects.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="options">Options of the log.</param>
    /// <param name="tag">The container's tag.</param>
    /// <exception cref="SampanException">Unavailable: nobody listens there.</exception>
    public SyslogSink(EventLoop loop, IReadOnlyDictionary<string, string> options, string tag)
    {
        _line = new SyslogLine(
            options.GetValueOrDefault("syslog-format", ""),
            SyslogPriority.ParseFacility(options.GetValueOrDefault("syslog-facility", "")),
            tag);
        var socket = Connect(SyslogAddress.Parse(options.GetValueOrDefault("syslog-address", "")));
        Delivery = new LogDelivery(loop, socket, LogBuffering.From(options), DropNotice);
    }

    /// <summary>What it sends through.</summary>
    public LogDelivery Delivery { get; }

    public void Write(in LogMessage message)
    {
        // Docker's sends no empty lines: syslog has no use for them.
        if (!message.Text.IsEmpty)
        {
            var time = DateTimeOffset.UnixEpoch.AddTicks((message.Time.Seconds * TimeSpan.TicksPerSecond) + (message.Time.Nanoseconds / 100));
            Delivery.Send(_line.Make(message.Stream, time, message.Text));
        }
    }

    public void Flush()
    {
        // Each line is sent as it comes.
    }

    public void Finish() => Delivery.Finish();

    public void Trim()
    {
        // Nothing is held but what waits.
    }

    public void Dispose() => Delivery.Dispose();

    private static LogSocket Connect(IReadOnlyList<SyslogAddress> addresses)
    {
        var problem = "Unix syslog delivery error";
        foreach (var address in addresses)
        {
            var socket = new LogSocket(address.Peer, address.IsStream);
            var outcome = socket.Connect();
            if (outcome == Errno.EINPROGRESS)
            {
                outcome = Poll.Wait(socket.Number, EpollEvents.Writable, ConnectMilliseconds) ? socket.Outcome() : Errno.ETIMEDOUT;
            }

            if (outcome is null)
            {
                return socket;
            }

            socket.Dispose();
            problem = addresses.Count > 1 ? problem : $"dial {address.Text}: connect: {ErrnoText.Describe(outcome.Value)}";
        }

        throw SampanException.Unavailable($"failed to initialize logging driver: {problem}");
    }

    private byte[] DropNotice(long count) => _line.Make(LogStream.Stderr, DateTimeOffset.UtcNow, LogNotices.Dropped(count));
}

using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Processes;
using Sampan.Linux.Terminals;

namespace Sampan.Engine.Monitors;

/// <summary>
/// A process under a monitor, the container's own or an exec's: its output goes to the log and to whoever is attached, the input of the
/// attached to it. Where somebody attached does not read, the process is held back once <see cref="HighWater"/> bytes wait for him, as
/// docker does; a client that came by attach and takes nothing for <see cref="MonitorClient.Patience"/> is let go, so that it cannot hold
/// the container and its log for ever.
/// </summary>
internal sealed class ProcessSession : IEventHandler
{
    /// <summary>Bytes that may wait for one client before the process is held back.</summary>
    public const int HighWater = 256 << 10;

    /// <summary>Bytes left for every client at which the process goes on.</summary>
    private const int LowWater = 64 << 10;

    /// <summary>What a lost terminal is called.</summary>
    public const string TerminalWord = "terminal";

    private readonly EventLoop _loop;
    private readonly StartedProcess _process;
    private readonly List<MonitorClient> _clients = [];
    private readonly List<OutputChannel> _outputs = [];
    private readonly Action<ProcessSession> _ended;
    private readonly ILogWriter _log;
    private Action<ProcessSession>? _lingered;

    /// <param name="loop">Who tells of events.</param>
    /// <param name="process">The process.</param>
    /// <param name="log">Where its output is kept.</param>
    /// <param name="buffer">What output is read into; shared by all sessions of the loop.</param>
    /// <param name="ended">Called once, when the process has ended and all its output has been taken.</param>
    public ProcessSession(EventLoop loop, StartedProcess process, ILogWriter log, AnonymousMemory buffer, Action<ProcessSession> ended)
    {
        _loop = loop;
        _process = process;
        _log = log;
        _log.Relieved = OnClientDrained;
        _ended = ended;
        AddOutput(process.Terminal, LogStream.Stdout, buffer);
        AddOutput(process.Stdout, LogStream.Stdout, buffer);
        AddOutput(process.Stderr, LogStream.Stderr, buffer);
        Input = (process.Terminal ?? process.Stdin) is { } input ? new InputChannel(loop, input, process.Terminal is not null, ResumeClients) : null;
        loop.Add(process.PidFd.Number, EpollEvents.Readable, this);
    }

    public int Pid => _process.Pid;

    /// <summary>The process, with the monitor's ends of its streams, which are the session's to close.</summary>
    public StartedProcess Process => _process;

    /// <summary>Id of an exec; empty for the container's own process.</summary>
    public string ExecutionId { get; init; } = "";

    /// <summary>Where input goes; null when it reads /dev/null.</summary>
    public InputChannel? Input { get; }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Nobody knows how it ended: <see cref="ExitCode"/> is none.</summary>
    public bool ExitIsUnknown { get; private set; }

    /// <summary>It was started on a terminal and has none any more.</summary>
    public bool HasLostTerminal => _process.Lost.Contains(TerminalWord);

    /// <summary>Its input ends when the client who feeds it goes away (docker's StdinOnce).</summary>
    public bool InputEndsWithClient { get; init; }

    public void Attach(MonitorClient client) => _clients.Add(client);

    public void Detach(MonitorClient client)
    {
        if (!_clients.Remove(client))
        {
            return;
        }

        if (client.FeedsInput && InputEndsWithClient)
        {
            Input?.End();
        }

        ResumeOutput();
    }

    /// <summary>Sends a signal to the process; one that has ended is no error.</summary>
    /// <exception cref="LinuxException">pidfd_send_signal(2) failed: EINVAL for a number that is none.</exception>
    public void Signal(int signal) => ChildProcess.Kill(_process.PidFd, signal);

    /// <summary>Tells the terminal, where there is one, of its size.</summary>
    public void Resize(ushort rows, ushort columns)
    {
        if (_process.Terminal is { } terminal && rows > 0 && columns > 0)
        {
            _ = new TerminalSize(rows, columns).TrySet(terminal.Number);
        }
    }

    /// <summary>Output of the process. The buffer has room for a frame's header before it.</summary>
    public void OnOutput(LogStream stream, Span<byte> frame)
    {
        var payload = frame[MonitorFrame.HeaderLength..];
        _log.Append(stream, payload);
        var held = _log.IsCongested;
        foreach (var client in _clients)
        {
            held |= client.SendOutput(stream, frame) > HighWater;
        }

        if (held && ExitCode is null)
        {
            HoldOutput();
        }
    }

    /// <summary>All output there was for now has been read.</summary>
    public void OnOutputPause() => _log.Flush();

    /// <summary>A client has taken what waited for him.</summary>
    public void OnClientDrained()
    {
        foreach (var client in _clients)
        {
            if (client.Waiting > LowWater)
            {
                return;
            }
        }

        ResumeOutput();
    }

    /// <summary>The process has ended.</summary>
    public void OnReady(int descriptor, EpollEvents events)
    {
        var known = _process.TakeExitCode();
        ExitIsUnknown = known is null;
        ExitCode = known ?? ContainerState.UnknownExit;
        _loop.Remove(_process.PidFd.Number);
        _process.PidFd.Dispose();
        _ended(this);
    }

    /// <summary>Takes all output that is left, however slow the clients are: it is bounded by what the pipes hold.</summary>
    public void Finish()
    {
        foreach (var output in _outputs)
        {
            output.Drain();
            output.Dispose();
        }

        Input?.Dispose();
        _process.Terminal?.Dispose();
        _log.Finish();
    }

    /// <summary>
    /// The process has ended and others it started may hold its streams. Takes what is there now, and goes on reading, for nobody, until
    /// the last of them has closed them.
    /// </summary>
    /// <param name="finished">Called once all is closed, when it was not at once.</param>
    /// <param name="lingers">Called when it is not.</param>
    public void DrainAndLinger(Action<ProcessSession> finished, Action<ProcessSession> lingers)
    {
        var open = false;
        foreach (var output in _outputs)
        {
            output.Drain();
            open |= !output.Ended;
        }

        if (!open)
        {
            Finish();
            return;
        }

        // The end is told to whoever watched; what comes now is nobody's.
        _clients.Clear();
        Input?.End();
        _lingered = finished;
        lingers(this);
        ResumeOutput();
    }

    /// <summary>A stream has come to its end.</summary>
    public void OnOutputEnded()
    {
        if (_lingered is { } finished && _outputs.TrueForAll(output => output.Ended))
        {
            _lingered = null;
            Finish();
            finished(this);
        }
    }

    private void AddOutput(FileDescriptor? source, LogStream stream, AnonymousMemory buffer)
    {
        if (source is not null)
        {
            _outputs.Add(new OutputChannel(_loop, source, stream, this, buffer));
        }
    }

    private void HoldOutput()
    {
        foreach (var output in _outputs)
        {
            output.Hold();
        }
    }

    private void ResumeOutput()
    {
        if (_log.IsCongested)
        {
            return;
        }

        foreach (var output in _outputs)
        {
            output.Resume();
        }
    }

    private void ResumeClients()
    {
        foreach (var client in _clients)
        {
            client.ResumeReading();
        }
    }
}

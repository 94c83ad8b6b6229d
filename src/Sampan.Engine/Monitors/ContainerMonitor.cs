using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>One container from start to exit: the conversation with its clients. What is recorded of it is in <see cref="ContainerLedger"/>.</summary>
internal sealed partial class ContainerMonitor : IMonitorClientOwner, IEventHandler, IDisposable
{
    private const int SigKill = 9;

    // After so long without an event the memory of the last burst is given back.
    private const int IdleMilliseconds = 300;

    private readonly EventLoop _loop = new();
    private readonly AnonymousMemory _buffer = new(OutputChannel.BufferLength);
    private readonly List<MonitorClient> _clients = [];
    private readonly List<MonitorClient> _waiters = [];
    private readonly List<MonitorClient> _freezers = [];
    private readonly List<ProcessSession> _executions = [];
    private readonly List<ProcessSession> _lingering = [];
    private readonly Container _container;
    private readonly IContainerRuntime _runtime;
    private readonly ContainerLedger _ledger;
    private readonly FileDescriptor _start;
    private FileDescriptor? _listener;
    private ILogWriter _log = new NoLogWriter();
    private ProcessSession? _session;
    private long _killAt = long.MaxValue;
    private bool _ended;

    /// <param name="container">The container.</param>
    /// <param name="runtime">Who makes its processes.</param>
    /// <param name="ledger">Who records what becomes of it.</param>
    /// <param name="start">The socket of the command that starts it; its first frame is the request.</param>
    public ContainerMonitor(Container container, IContainerRuntime runtime, ContainerLedger ledger, FileDescriptor start)
    {
        _container = container;
        _runtime = runtime;
        _ledger = ledger;
        _start = start;
    }

    /// <summary>Starts the container and stays until it has ended and every client has been told.</summary>
    public void Run()
    {
        var starter = new MonitorClient(_loop, _start, this) { IsPatient = true };
        _clients.Add(starter);
        while (_session is null && _clients.Count > 0)
        {
            // The request is there already, or on its way; a command that dies now wanted nothing.
            _loop.RunOnce();
        }

        while (!_ended || _executions.Count > 0 || _clients.Count > 0)
        {
            if (_session is null)
            {
                FlushAndLeave();
                return;
            }

            RunTurn();
        }
    }

    public void OnRequest(MonitorClient client, MonitorRequest request)
    {
        if (_session is null)
        {
            if (request.Operation != "start")
            {
                throw SampanException.InvalidArgument("the first request starts the container");
            }

            Start(client, request);
            return;
        }

        var session = _ended ? throw SampanException.Conflict($"container {_container.Id} is not running") : _session;
        switch (request.Operation)
        {
            case "attach":
                client.Join(session, request.Stdin, request.Stdout, request.Stderr);
                client.SendNumber(FrameType.Started, session.Pid);
                break;
            case "exec":
                Execute(client, request);
                break;
            case "stop":
                Stop(client, session, request);
                break;
            case "signal":
                Signal(session, request.Signal);
                client.Send(FrameType.Done);
                client.CloseWhenFlushed();
                break;
            case "freeze":
                Freeze(client);
                break;
            case "wait":
                _waiters.Add(client);
                break;
            default:
                throw SampanException.InvalidArgument($"unknown request \"{request.Operation}\"");
        }
    }

    public void OnClosed(MonitorClient client)
    {
        _clients.Remove(client);
        _waiters.Remove(client);
        if (_freezers.Remove(client) && _freezers.Count == 0 && !_ended)
        {
            _runtime.Thaw();
        }
    }

    /// <summary>Somebody connects.</summary>
    public void OnReady(int descriptor, EpollEvents events)
    {
        if (_listener is not null && UnixSocket.TryAccept(_listener) is { } socket)
        {
            _clients.Add(new MonitorClient(_loop, socket, this));
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _buffer.Dispose();
        _loop.Dispose();
    }

    private static void Signal(ProcessSession session, int signal)
    {
        try
        {
            session.Signal(signal);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EINVAL)
        {
            throw SampanException.InvalidArgument($"Invalid signal: {signal}");
        }
    }

    private void Start(MonitorClient client, MonitorRequest request)
    {
        try
        {
            _listener = _ledger.OpenSocket();
            _log = _ledger.OpenLog();
            var process = _runtime.Start(new StartRequest(request.Trace, request.Rows, request.Columns));
            _session = new ProcessSession(_loop, process, _log, _buffer, OnContainerEnded)
            {
                InputEndsWithClient = _container.Config.StdinOnce,
            };
            _session.Resize(request.Rows, request.Columns);
            client.Join(_session, request.Stdin, request.Stdout, request.Stderr);
            _loop.Add(_listener.Number, EpollEvents.Readable, this);
            _ledger.RecordStart(process.Pid);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            var error = exception as SampanException ?? new SampanException(ErrorKind.Internal, exception.Message, exception);
            if (_session is not null)
            {
                // It runs and cannot be recorded: a container nobody knows of must not be. Its end goes the usual way.
                _session.Signal(SigKill);
            }
            else
            {
                _runtime.Finish();
                _ledger.RecordFailedStart(error);
            }

            client.SendError(error.Kind, error.Message);
            client.CloseWhenFlushed();
            return;
        }

        client.SendNumber(FrameType.Started, _session.Pid);
        if (_runtime.Trace is { } trace)
        {
            SendTrace(client, trace);
        }
    }

    private static void SendTrace(MonitorClient client, string trace)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(trace);
        while (!rest.IsEmpty)
        {
            var length = Math.Min(rest.Length, MonitorFrame.MaximumPayload);
            client.Send(FrameType.Trace, rest[..length]);
            rest = rest[length..];
        }
    }

    /// <summary>The container stands still for as long as the client stays: who dies while it does leaves nothing frozen behind.</summary>
    private void Freeze(MonitorClient client)
    {
        if (_freezers.Count == 0)
        {
            _runtime.Freeze();
        }

        _freezers.Add(client);
        client.Send(FrameType.Done);
    }

    private void Execute(MonitorClient client, MonitorRequest request)
    {
        if (_freezers.Count > 0)
        {
            // A process that joins a frozen group would hang, and this monitor with it.
            throw SampanException.Conflict($"Container {_container.Id} is paused, unpause the container before exec");
        }

        var process = _runtime.Execute(new ExecRequest
        {
            Cmd = request.Cmd ?? [],
            Detach = request.Detach,
            Stdin = request.Stdin,
            Tty = request.Tty,
            Rows = request.Rows,
            Columns = request.Columns,
            Env = request.Env ?? [],
            WorkingDir = request.WorkingDir ?? "",
            User = request.User ?? "",
            Privileged = request.Privileged,
        });
        var session = new ProcessSession(_loop, process, new NoLogWriter(), _buffer, OnExecutionEnded) { InputEndsWithClient = true };
        _executions.Add(session);
        session.Resize(request.Rows, request.Columns);
        client.SendNumber(FrameType.Started, process.Pid);
        if (request.Detach)
        {
            session.Input?.End();
            client.CloseWhenFlushed();
        }
        else
        {
            client.Join(session, request.Stdin, stdout: true, stderr: true);
        }
    }

    private void Stop(MonitorClient client, ProcessSession session, MonitorRequest request)
    {
        Signal(session, request.Signal);
        _waiters.Add(client);
        if (request.Timeout is { } seconds and >= 0)
        {
            _killAt = Math.Min(_killAt, Environment.TickCount64 + (seconds * 1000L));
        }
    }

    private void OnExecutionEnded(ProcessSession session)
    {
        // What it left running in the background may still write, and must not die of a pipe without a reader.
        session.DrainAndLinger(lingering => _lingering.Remove(lingering), _lingering.Add);
        _executions.Remove(session);
        for (var index = _clients.Count - 1; index >= 0; index--)
        {
            if (_clients[index].Session == session)
            {
                Tell(_clients[index], session.ExitCode ?? 0);
            }
        }
    }

    private void OnContainerEnded(ProcessSession session)
    {
        var exitCode = session.ExitCode ?? 0;
        var outOfMemory = FinishRuntime();
        session.Finish();
        while (_lingering is [.., var last])
        {
            _lingering.RemoveAt(_lingering.Count - 1);
            last.Finish();
        }

        _ledger.RecordEnd(exitCode, outOfMemory);
        _ended = true;

        // Not before: who finds nobody listening reads what is recorded.
        if (_listener is not null)
        {
            _loop.Remove(_listener.Number);
            _listener.Dispose();
            _listener = null;
        }

        for (var index = _clients.Count - 1; index >= 0; index--)
        {
            var client = _clients[index];
            if (client.Session is null && !_waiters.Contains(client))
            {
                client.Close();
            }
            else if (client.Session is null || client.Session == session)
            {
                Tell(client, exitCode);
            }
        }
    }

    /// <summary>A group that will not go is left to the next start or removal: the exit code must be recorded all the same.</summary>
    private bool FinishRuntime()
    {
        try
        {
            return _runtime.Finish();
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            return _runtime.OutOfMemory;
        }
    }

    private static void Tell(MonitorClient client, int exitCode)
    {
        client.SendNumber(FrameType.Exited, exitCode);
        client.CloseWhenFlushed();
    }
}

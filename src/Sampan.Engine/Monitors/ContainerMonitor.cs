using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>
/// One container from its start, or from the death of the monitor before, to the end after which nobody starts it again: the conversation
/// with its clients. What is recorded of it is in <see cref="ContainerLedger"/>.
/// </summary>
internal sealed partial class ContainerMonitor : IMonitorClientOwner, IEventHandler, IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private readonly EventLoop _loop = new();
    private readonly AnonymousMemory _buffer = new(OutputChannel.BufferLength);
    private readonly List<MonitorClient> _clients = [];
    private readonly List<MonitorClient> _waiters = [];
    private readonly List<MonitorClient> _lastWaiters = [];
    private readonly List<ProcessSession> _lingering = [];
    private readonly Container _container;
    private readonly IContainerRuntime _runtime;
    private readonly ContainerLedger _ledger;
    private readonly FileDescriptor _start;
    private FileDescriptor? _listener;
    private ILogWriter _log = new NoLogWriter();
    private ProcessSession? _session;
    private long _killAt = long.MaxValue;
    private bool _begun;
    private bool _failed;
    private bool _ended;

    /// <param name="container">The container.</param>
    /// <param name="runtime">Who makes its processes.</param>
    /// <param name="ledger">Who records what becomes of it.</param>
    /// <param name="start">The socket of the command that starts it, or has found it without a monitor; its first frame is the request.</param>
    public ContainerMonitor(Container container, IContainerRuntime runtime, ContainerLedger ledger, FileDescriptor start)
    {
        _container = container;
        _runtime = runtime;
        _ledger = ledger;
        _start = start;
    }

    /// <summary>Starts the container and stays until it has ended for good and every client has been told.</summary>
    public void Run()
    {
        var starter = new MonitorClient(_loop, _start, this) { IsPatient = true };
        _clients.Add(starter);
        while (!_begun && _clients.Count > 0)
        {
            // The request is there already, or on its way; a command that dies now wanted nothing.
            _loop.RunOnce();
        }

        while (!_ended || _executions.Count > 0 || _clients.Count > 0 || _health is { Busy: true })
        {
            if (!_begun || _failed)
            {
                FlushAndLeave();
                return;
            }

            RunTurn();
        }
    }

    public void OnRequest(MonitorClient client, MonitorRequest request)
    {
        if (!_begun)
        {
            Begin(client, request);
            return;
        }

        if (_ended)
        {
            throw SampanException.Conflict($"container {_container.Id} is not running");
        }

        try
        {
            Answer(client, request);
        }
        catch (LinuxException problem)
        {
            throw new SampanException(ErrorKind.Internal, problem.Message, problem);
        }
    }

    public void OnClosed(MonitorClient client)
    {
        _clients.Remove(client);
        _waiters.Remove(client);
        _lastWaiters.Remove(client);
        _restarters.Remove(client);
        _killers.Remove(client);
        if (_freezers.Remove(client))
        {
            ThawUnlessHeld();
        }
    }

    /// <summary>Somebody connects, or memory has run out.</summary>
    public void OnReady(int descriptor, EpollEvents events)
    {
        if (_oomWatch is { } watch && watch.Descriptor.Number == descriptor)
        {
            OnOutOfMemory(watch);
        }
        else if (_listener is not null && UnixSocket.TryAccept(_listener) is { } socket)
        {
            _clients.Add(new MonitorClient(_loop, socket, this));
        }
    }

    public void Dispose()
    {
        _oomWatch?.Dispose();
        _log.Dispose();
        _buffer.Dispose();
        _loop.Dispose();
    }

    private void Begin(MonitorClient client, MonitorRequest request)
    {
        _begun = request.Operation is "start" or "adopt" ? true : throw SampanException.InvalidArgument("the first request starts the container");
        if (request.Operation == "adopt")
        {
            Adopt(client);
        }
        else
        {
            Start(client, request);
        }
    }

    private void Answer(MonitorClient client, MonitorRequest request)
    {
        switch (request.Operation)
        {
            case "attach":
                Attach(client, request);
                break;
            case "exec":
                Execute(client, request);
                break;
            case "stop":
                Stop(client, request);
                break;
            case "restart":
                Restart(client, request);
                break;
            case "signal":
                Signal(client, request.Signal);
                break;
            case "freeze":
                Freeze(client);
                break;
            case "pause":
                Pause(client);
                break;
            case "unpause":
                Unpause(client);
                break;
            case "update":
                Update(client, request.Update ?? new());
                break;
            case "connect":
                ConnectNetwork(client, request.Endpoint ?? throw SampanException.InvalidArgument("no network is named"));
                break;
            case "disconnect":
                DisconnectNetwork(client, request.Network ?? throw SampanException.InvalidArgument("no network is named"));
                break;
            case "record":
                _ledger.RecordAgain();
                Finish(client);
                break;
            case "reload":
                Reload(client);
                break;
            case "wait":
                (request.ToTheLast ? _lastWaiters : _waiters).Add(client);
                break;
            default:
                throw SampanException.InvalidArgument($"unknown request \"{request.Operation}\"");
        }
    }

    private static void Finish(MonitorClient client)
    {
        client.Send(FrameType.Done);
        client.CloseWhenFlushed();
    }

    private void Attach(MonitorClient client, MonitorRequest request)
    {
        var session = RequireRunning();
        if (_paused)
        {
            throw SampanException.Conflict($"container {_container.Id} is paused, unpause the container before attach");
        }

        if (session.HasLostTerminal)
        {
            throw SampanException.Conflict($"the terminal of container {_container.Name} went with a monitor that died: restart the container to have another");
        }

        Tell("attach");
        client.Join(session, request.Stdin, request.Stdout, request.Stderr);
        client.SendNumber(FrameType.Started, session.Pid);
    }

    private void Update(MonitorClient client, UpdateRequest change)
    {
        var before = _container.Record;
        _ledger.Update(change, Restarting ? null : _runtime);
        TellOfVolumes(before);
        Tell("update");
        Finish(client);
    }

    private void Tell(string action, params ReadOnlySpan<(string Name, string Value)> more) => _container.Journal.Write(_container.Record, action, more);
}

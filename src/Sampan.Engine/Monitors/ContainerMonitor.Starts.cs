using System.Text;
using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Monitors;

/// <summary>The first start, and what each start begins with.</summary>
internal sealed partial class ContainerMonitor
{
    private StartRequest _startRequest = new();
    private long _startedAt;

    private void Start(MonitorClient client, MonitorRequest request)
    {
        try
        {
            _listener = _ledger.OpenSocket();
            _log = _ledger.OpenLog(_loop);
            _startRequest = new StartRequest(request.Trace, request.Rows, request.Columns);
            Launch();
            client.Join(_session!, request.Stdin, request.Stdout, request.Stderr);
            _loop.Add(_listener.Number, EpollEvents.Readable, this);
            _ledger.RecordStart(_session!.Process, _restarts);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            var error = exception as SampanException ?? new SampanException(ErrorKind.Internal, exception.Message, exception);
            if (_session is not null)
            {
                // It runs and cannot be recorded: a container nobody knows of must not be. Its end goes the usual way.
                _stopped = true;
                _session.Signal(SigKill);
            }
            else
            {
                _failed = true;
                _runtime.Finish();
                _ledger.RecordFailedStart(error);
            }

            client.SendError(error.Kind, error.Message);
            client.CloseWhenFlushed();
            return;
        }

        if (request.Stdin || request.Stdout || request.Stderr)
        {
            Tell("attach");
        }

        _container.Journal.WriteVolumes(_container.Record, mounted: true);
        TellOfNetworks();
        Tell("start");
        client.SendNumber(FrameType.Started, _session.Pid);
        if (_runtime.Trace is { } trace)
        {
            SendTrace(client, trace);
        }

        OnStarted();
    }

    private void Launch()
    {
        var process = _runtime.Start(_startRequest);
        _startedAt = Environment.TickCount64;
        _session = Watch(process);
        _session.Resize(_startRequest.Rows, _startRequest.Columns);
    }

    private ProcessSession Watch(StartedProcess process) => new(_loop, process, _log, _buffer, OnContainerEnded)
    {
        InputEndsWithClient = _container.Config.StdinOnce,
    };

    /// <summary>It runs and whoever waited for that knows: what is left to do costs nobody a start.</summary>
    private void OnStarted()
    {
        _runtime.Serve(_loop);
        WatchMemory();
        BeginHealthChecks();
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
}

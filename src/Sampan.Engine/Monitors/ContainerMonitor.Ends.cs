using System.Globalization;
using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>The end of the container's process, and what comes after it: its restart policy (moby, restartmanager), or the end for good.</summary>
internal sealed partial class ContainerMonitor
{
    private readonly RestartBackoff _restarts = new();
    private readonly List<MonitorClient> _restarters = [];
    private readonly List<MonitorClient> _killers = [];
    private long _restartAt = long.MaxValue;
    private ContainerEnd _lastEnd;
    private bool _restartWanted;
    private bool _stopped;
    private bool _untilBoot;
    private bool _stopIsEvent;

    /// <summary>It has ended and will be started again.</summary>
    private bool Restarting => _restartAt != long.MaxValue;

    // A commit or a copy that holds it still is not to meet the next life.
    private long NextRestart => _freezers.Count == 0 ? _restartAt : long.MaxValue;

    private ProcessSession RequireRunning() => Restarting
        ? throw SampanException.Conflict($"Container {_container.Id} is restarting, wait until the container is running")
        : _session!;

    private void OnContainerEnded(ProcessSession session)
    {
        _paused = false;
        EndHealthChecks();
        var outOfMemory = EndMemoryWatch(FinishRuntime());
        session.Finish();
        while (_lingering is [.., var last])
        {
            _lingering.RemoveAt(_lingering.Count - 1);
            last.Finish();
        }

        OnLifeOver(session.ExitIsUnknown ? ContainerEnd.WithoutCode(outOfMemory) : new(session.ExitCode ?? 0, outOfMemory, DateTimeOffset.UtcNow));
        TellClients(session);
    }

    /// <summary>Records a life's end and what comes after it.</summary>
    private void OnLifeOver(ContainerEnd end)
    {
        _lastEnd = end;
        _killAt = long.MaxValue;
        _stopping = false;
        var lived = Environment.TickCount64 - _startedAt;
        var delay = _restartWanted ? 0 : _restarts.Next(_container.HostConfig.RestartPolicy, end.ExitCode, _stopped, lived);
        TellOfDeath(end, lived);
        TellOfNetworksLeft();
        _container.Journal.WriteVolumes(_container.Record, mounted: false);
        if (delay is { } milliseconds)
        {
            _ledger.RecordRestarting(end, _restarts, milliseconds);
            _ledger.ForgetPromise();
            _restartAt = Environment.TickCount64 + milliseconds;
        }
        else
        {
            _ledger.RecordEnd(end, _stopped && !_untilBoot);
            _ended = true;
            StopListening();
        }

        if (_stopIsEvent)
        {
            _stopIsEvent = false;
            Tell("stop");
        }
    }

    private void TellOfDeath(ContainerEnd end, long lived)
    {
        if (end.Error.Length == 0)
        {
            Tell("die", ("execDuration", Number(lived / 1000)), ("exitCode", Number(end.ExitCode)));
        }
        else
        {
            Tell("die", ("error", end.Error), ("execDuration", Number(lived / 1000)), ("exitCode", Number(end.ExitCode)));
        }
    }

    /// <summary>Who watched this life is told of its end, as docker's run, attach and wait are; who waits for the last one only of that.</summary>
    private void TellClients(ProcessSession? session)
    {
        for (var index = _clients.Count - 1; index >= 0; index--)
        {
            var client = _clients[index];
            if ((session is not null && client.Session == session) || _waiters.Contains(client) || (_ended && _lastWaiters.Contains(client)))
            {
                TellExit(client, _lastEnd.ExitCode);
            }
            else if (_killers.Contains(client))
            {
                Finish(client);
            }
            else if (_ended && client.Session is null)
            {
                client.Close();
            }
        }
    }

    /// <summary>A command has called off the restart that was to come.</summary>
    private void CancelRestart()
    {
        _restartAt = long.MaxValue;
        EndForGood();
    }

    private void EndForGood()
    {
        _ledger.RecordEnd(_lastEnd, _stopped && !_untilBoot);
        _ended = true;
        StopListening();
        TellClients(_session);
    }

    private void RestartIfDue()
    {
        if (Environment.TickCount64 < NextRestart)
        {
            return;
        }

        _restartAt = long.MaxValue;
        var asked = _restartWanted;
        _restartWanted = false;
        var before = _session;
        try
        {
            Launch();
            _ledger.RecordStart(_session!.Process, _restarts);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            OnRestartFailed(exception, runs: _session != before);
            return;
        }

        _container.Journal.WriteVolumes(_container.Record, mounted: true);
        TellOfNetworks();
        Tell("start");
        if (asked)
        {
            Tell("restart");
        }

        for (var index = _restarters.Count - 1; index >= 0; index--)
        {
            Finish(_restarters[index]);
        }

        OnStarted();
    }

    private void OnRestartFailed(Exception exception, bool runs)
    {
        var error = exception as SampanException ?? new SampanException(ErrorKind.Internal, exception.Message, exception);
        for (var index = _restarters.Count - 1; index >= 0; index--)
        {
            var client = _restarters[index];
            client.SendError(error.Kind, error.Message);
            client.CloseWhenFlushed();
        }

        if (runs)
        {
            // It cannot be recorded: as with the first start, it must not be. Its end goes the usual way, and is the last.
            _stopped = true;
            _session!.Signal(SigKill);
            return;
        }

        _ = FinishRuntime();
        _ledger.RecordFailedStart(error);
        _ended = true;
        StopListening();
        TellClients(_session);
    }

    /// <summary>Not before the end is recorded: who finds nobody listening reads what is.</summary>
    private void StopListening()
    {
        if (_listener is not null)
        {
            _loop.Remove(_listener.Number);
            _listener.Dispose();
            _listener = null;
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

    private static void TellExit(MonitorClient client, int exitCode)
    {
        client.SendNumber(FrameType.Exited, exitCode);
        client.CloseWhenFlushed();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

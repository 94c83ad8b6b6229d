using Sampan.Engine.Containers;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Events;

namespace Sampan.Engine.Monitors;

/// <summary>What the monitor looks after while the container runs: its health checks, and its memory.</summary>
internal sealed partial class ContainerMonitor
{
    private HealthWatch? _health;
    private OomWatch? _oomWatch;
    private bool _oomTold;

    private void BeginHealthChecks()
    {
        if (_container.Config.Healthcheck is { } check && check.Runs())
        {
            _health ??= NewWatch(check);
            _health.Begin();
        }
    }

    private void ResumeHealthChecks(ContainerState state)
    {
        if (_container.Config.Healthcheck is { } check && check.Runs())
        {
            _health = NewWatch(check);
            _health.TakeOver(_container.Health ?? new() { Status = state.Health }, state.StartedAt);
        }
    }

    private HealthWatch NewWatch(HealthCheck check) => new(
        check, new(_loop, _runtime, _buffer), OnHealth, OnCheck, (id, code) => Tell("exec_die", ("execID", id), ("exitCode", Number(code))));

    private void EndHealthChecks() => _health?.End();

    private void OnCheck(string id, IReadOnlyList<string> command)
    {
        TellOfExecution(id, command);

        // Starting a process touches most of the program; how long this one takes nobody knows.
        _waitSmall = true;
    }

    private void OnHealth(ContainerHealth health, bool changed)
    {
        _checked = true;
        _ledger.RecordHealth(health, changed);
        if (!changed)
        {
            return;
        }

        Tell("health_status: " + health.Status);
        if (health.Status == HealthStatus.Unhealthy && !_ended && !Restarting)
        {
            OnUnhealthy(_session!);
        }
    }

    private void OnUnhealthy(ProcessSession session)
    {
        var request = new MonitorRequest
        {
            Signal = _container.Config.StopSignal is { Length: > 0 } name ? SignalNames.TryParse(name) ?? SigTerm : SigTerm,
            Timeout = _container.Config.StopTimeout ?? ContainerEngine.DefaultStopTimeout,
        };
        switch (_container.HostConfig.HealthOnFailure)
        {
            case "kill":
                Send(session, SigKill);
                break;
            case "stop":
                _stopIsEvent = true;
                _restartWanted = false;
                End(session, request);
                NoteStop();
                break;
            case "restart":
                _stopIsEvent = true;
                _restartWanted = true;
                End(session, request);
                break;
        }
    }

    /// <summary>Only who has a limit can reach it; what the kernel does to others is seen at their end.</summary>
    private void WatchMemory()
    {
        _oomTold = false;
        if (_container.HostConfig.Memory > 0 && _runtime.WatchOom() is { } watch)
        {
            _oomWatch = watch;
            _loop.Add(watch.Descriptor.Number, EpollEvents.Readable, this);
        }
    }

    private void OnOutOfMemory(OomWatch watch)
    {
        var notice = watch.Drain();
        if (notice.Count > 0)
        {
            _oomTold = true;
            _ledger.RecordOutOfMemory();
            Tell("oom");
        }

        if (notice.Ended)
        {
            StopWatchingMemory();
        }
    }

    /// <returns>Whether memory ran out in this life.</returns>
    private bool EndMemoryWatch(bool outOfMemory)
    {
        StopWatchingMemory();
        if (outOfMemory && !_oomTold)
        {
            Tell("oom");
        }

        return outOfMemory || _oomTold;
    }

    private void StopWatchingMemory()
    {
        if (_oomWatch is { } watch)
        {
            _oomWatch = null;
            _loop.Remove(watch.Descriptor.Number);
            watch.Dispose();
        }
    }
}

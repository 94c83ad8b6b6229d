using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Monitors;

/// <summary>Commands that end the container, or its life so far.</summary>
internal sealed partial class ContainerMonitor
{
    // A stop's signal has been sent, and the end is waited for.
    private bool _stopping;

    private void Stop(MonitorClient client, MonitorRequest request)
    {
        _waiters.Add(client);
        if (request.Again && _stopping)
        {
            // The monitor before this one had sent the signal.
            return;
        }

        _stopIsEvent = !request.Unnamed;
        _untilBoot = request.UntilBoot;
        if (Restarting)
        {
            NoteStop();
            CancelRestart();
            return;
        }

        _restartWanted = false;
        End(_session!, request);
        NoteStop();
    }

    private void Restart(MonitorClient client, MonitorRequest request)
    {
        _restarters.Add(client);
        if (request.Again && _restartWanted && _stopping)
        {
            return;
        }

        _restarts.Reset();
        _restartWanted = true;
        _stopped = false;
        if (Restarting)
        {
            _restartAt = Environment.TickCount64;
            return;
        }

        _stopIsEvent = true;
        End(_session!, request);
    }

    private void End(ProcessSession session, MonitorRequest request)
    {
        Send(session, request.Signal);
        ThawForEnd();
        if (request.Timeout is { } seconds and >= 0)
        {
            _killAt = Math.Min(_killAt, Environment.TickCount64 + (seconds * 1000L));
        }

        _stopping = true;
        if (request.Signal != SigKill || _restartWanted)
        {
            _ledger.RecordPromise(new() { KillAt = _killAt == long.MaxValue ? null : _killAt, Restart = _restartWanted, IsEvent = _stopIsEvent });
        }
    }

    /// <summary>Answered once it is true: after SIGKILL when this life is over and recorded, as by docker; any other signal is only sent.</summary>
    private void Signal(MonitorClient client, int signal)
    {
        if (Restarting)
        {
            if (Ends(signal))
            {
                NoteStop();
                _killers.Add(client);
                CancelRestart();
                return;
            }

            Finish(client);
            return;
        }

        Send(_session!, signal);
        if (Ends(signal))
        {
            NoteStop();
            ThawForEnd();
        }

        if (signal == SigKill)
        {
            _killers.Add(client);
        }
        else
        {
            Finish(client);
        }
    }

    /// <summary>Whether who sends it wants the container to end, so that its restart policy is to leave it alone.</summary>
    private bool Ends(int signal) =>
        signal is 2 or 3 or SigKill or 15 || (_container.Config.StopSignal is { Length: > 0 } name && SignalNames.TryParse(name) == signal);

    /// <summary>Said at once where it matters: a host that goes down meanwhile must not start it again.</summary>
    private void NoteStop()
    {
        _restartWanted = false;
        if (!_stopped)
        {
            _stopped = true;
            if (!_ended && !_untilBoot && _container.HostConfig.RestartPolicy.Name is not ("" or "no"))
            {
                _ledger.RecordStop();
            }
        }
    }

    private void Send(ProcessSession session, int signal)
    {
        try
        {
            session.Signal(signal);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EINVAL)
        {
            throw SampanException.InvalidArgument($"Invalid signal: {signal}");
        }

        Tell("kill", ("signal", Number(signal)));
    }
}

using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Engine.Monitors;

/// <summary>Taking over from a monitor that has died: everything that one knew is on disk or in the kernel, or is lost and said to be.</summary>
internal sealed partial class ContainerMonitor
{
    private const string EndedUnwatched = "exit code unknown: it ended while it had no monitor";

    private void Adopt(MonitorClient client)
    {
        try
        {
            _listener = _ledger.TakeOverSocket();
            _loop.Add(_listener.Number, EpollEvents.Readable, this);
            TakeOver(client, _ledger.State);
        }
        catch (Exception exception) when (exception is SampanException or LinuxException)
        {
            // The container goes on, still without a monitor: the next command tries again.
            _failed = true;
            StopListening();
            var error = exception as SampanException ?? new SampanException(ErrorKind.Internal, exception.Message, exception);
            client.SendError(error.Kind, $"no monitor can take over container {_container.Name}: {error.Message}");
            client.CloseWhenFlushed();
        }
    }

    private void TakeOver(MonitorClient client, ContainerState state)
    {
        var process = _runtime.Adopt(state);
        _networks = [.. _runtime.Networks];
        _ledger.SettleChange(_runtime);
        List<string> lost = [.. process?.Lost ?? []];
        _log = OpenLogAgain(lost);
        _startedAt = Environment.TickCount64 - (long)(DateTimeOffset.UtcNow - state.StartedAt).TotalMilliseconds;
        _session = process is null ? null : Watch(process);
        KeepPromises(state);
        _ledger.RecordAdoption();
        if (lost.Count == 0)
        {
            Tell("adopt");
        }
        else
        {
            Tell("adopt", ("lost", string.Join(", ", lost)));
        }

        SayWhatIsLost(process);
        Finish(client);
        if (state.Restarting)
        {
            _ = FinishRuntime();
            _lastEnd = new(state.ExitCode, state.OomKilled, state.FinishedAt) { Error = state.Error };
            _restartAt = Environment.TickCount64 + Remaining(state.FinishedAt.AddMilliseconds(state.RestartDelay));
        }
        else if (process is null)
        {
            // Between the look of the command that started this monitor and now, or before, and its restart policy is still to be applied.
            OnLifeOver(ContainerEnd.WithoutCode(FinishRuntime() || state.OomKilled, EndedUnwatched));
            TellClients(null);
        }
        else
        {
            _runtime.Serve(_loop);
            WatchMemory();
            _oomTold = state.OomKilled;
            ResumeHealthChecks(state);
            ResumeStandstill(state);
        }
    }

    private void KeepPromises(ContainerState state)
    {
        _restarts.Resume(state.RestartCount, state.RestartDelay);
        _stopped = state.StoppedByCommand;
        if (_ledger.ReadPromise() is { } promise)
        {
            _ledger.RecordPromise(promise);
            _killAt = promise.KillAt ?? long.MaxValue;
            _restartWanted = promise.Restart;
            _stopIsEvent = promise.IsEvent;
            _stopped |= !promise.Restart;
            _stopping = true;
        }
    }

    /// <summary>Recorded as paused and not frozen: the command that let it go on has failed.</summary>
    private void ResumeStandstill(ContainerState state)
    {
        _paused = state.Paused;
        if (_paused)
        {
            _runtime.Freeze();
            _health?.Suspend();
        }
    }

    private ILogWriter OpenLogAgain(List<string> lost)
    {
        try
        {
            return _ledger.OpenLog(_loop);
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            // A start would be refused; a container that runs is not to die of it.
            lost.Add("log: " + problem.Message);
            return new NoLogWriter();
        }
    }

    private void SayWhatIsLost(StartedProcess? process)
    {
        if (process is { Lost.Count: > 0 })
        {
            _log.Append(LogStream.Stderr, Encoding.UTF8.GetBytes(LogNotices.Lost(process.Lost)));
            _log.Flush();
        }
    }

    private static long Remaining(DateTimeOffset until) => Math.Max(0, (long)(until - DateTimeOffset.UtcNow).TotalMilliseconds);
}

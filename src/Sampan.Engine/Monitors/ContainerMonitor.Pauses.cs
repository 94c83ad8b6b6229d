using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>The container stands still: until it is told to go on (pause), or for as long as a client stays (commit, cp).</summary>
internal sealed partial class ContainerMonitor
{
    private readonly List<MonitorClient> _freezers = [];
    private bool _paused;

    private bool Frozen => _paused || _freezers.Count > 0;

    /// <summary>For as long as the client stays: who dies while it does leaves nothing frozen behind.</summary>
    private void Freeze(MonitorClient client)
    {
        if (!Frozen && !Restarting)
        {
            _runtime.Freeze();
            _health?.Suspend();
        }

        _freezers.Add(client);
        client.Send(FrameType.Done);
    }

    private void Pause(MonitorClient client)
    {
        RequireRunning();
        if (_paused)
        {
            throw SampanException.Conflict($"Container {_container.Id} is already paused");
        }

        if (!Frozen)
        {
            _runtime.Freeze();
        }

        _paused = true;
        try
        {
            _ledger.RecordPause(paused: true);
        }
        catch (LinuxException)
        {
            _paused = false;
            ThawUnlessHeld();
            throw;
        }

        _health?.Suspend();
        Tell("pause");
        Finish(client);
    }

    private void Unpause(MonitorClient client)
    {
        if (!_paused)
        {
            throw SampanException.Conflict($"Container {_container.Id} is not paused");
        }

        GoOn();
        Finish(client);
    }

    private void GoOn()
    {
        _paused = false;
        ThawUnlessHeld();
        _ledger.RecordPause(paused: false);
        Tell("unpause");
    }

    /// <summary>A signal that is to end it does nothing while it stands still.</summary>
    private void ThawForEnd()
    {
        if (_paused)
        {
            GoOn();
        }
    }

    private void ThawUnlessHeld()
    {
        if (!Frozen && !_ended && !Restarting)
        {
            _runtime.Thaw();
            _health?.Resume();
        }
    }
}

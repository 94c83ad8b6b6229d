using Sampan.Linux.Memory;

namespace Sampan.Engine.Monitors;

internal sealed partial class ContainerMonitor
{
    // So much garbage is worth a collection.
    private const long WorthCollecting = 256 << 10;

    // After so long without an event the memory of the last burst is given back.
    private const int IdleMilliseconds = 300;

    // Who is never idle for so long gives back in a shorter pause: after each health check, which touches most of the program, and
    // where only the container writes (a line every 100 ms) no more often than this.
    private const int ShortIdleMilliseconds = 10;
    private const int BusyMilliseconds = 1000;

    private bool _trimmed;
    private bool _waitSmall;
    private bool _checked;
    private long _trimmedAt = Environment.TickCount64;
    private long _collectedAt = -WorthCollecting;

    private void RunTurn()
    {
        var now = Environment.TickCount64;
        var deadline = Math.Min(Math.Min(_killAt, NextImpatience(now)), Math.Min(NextRestart, _health?.NextDue ?? long.MaxValue));
        var idle = _trimmed ? long.MaxValue : now + (_checked || now - _trimmedAt >= BusyMilliseconds ? ShortIdleMilliseconds : IdleMilliseconds);
        var until = Math.Min(deadline, idle);
        var patience = until == long.MaxValue ? -1 : (int)Math.Clamp(until - now, 0, int.MaxValue);
        if (_waitSmall ? _loop.RunOnceSmall(patience) : _loop.RunOnce(patience))
        {
            _trimmed = false;
            _waitSmall = false;
        }
        else if (!_trimmed && idle <= deadline)
        {
            Trim();
        }

        if (deadline != long.MaxValue && Environment.TickCount64 >= deadline)
        {
            KillIfDue();
            LetStalledClientsGo();
            RestartIfDue();
            CheckIfDue();
        }
    }

    private void CheckIfDue()
    {
        if (_health is { } health && Environment.TickCount64 >= health.NextDue)
        {
            // Starting a process touches most of the program: not on top of what others have touched.
            ResidentMemory.Trim();
            health.OnDue();
        }
    }

    private void KillIfDue()
    {
        if (Environment.TickCount64 >= _killAt)
        {
            _killAt = long.MaxValue;
            if (!_ended)
            {
                _session?.Signal(SigKill);
            }
        }
    }

    private static bool MayStall(MonitorClient client) => client.IsPatient || client.Session is null || client.Waiting <= ProcessSession.HighWater;

    private long NextImpatience(long now)
    {
        var next = long.MaxValue;
        foreach (var client in _clients)
        {
            if (!MayStall(client))
            {
                next = Math.Min(next, Math.Max(now, client.LastTaken + MonitorClient.Patience));
            }
        }

        return next;
    }

    private void LetStalledClientsGo()
    {
        var now = Environment.TickCount64;
        for (var index = _clients.Count - 1; index >= 0; index--)
        {
            if (!MayStall(_clients[index]) && now >= _clients[index].LastTaken + MonitorClient.Patience)
            {
                _clients[index].Close();
            }
        }
    }

    /// <summary>The start failed: whoever asked is told, however slowly he listens.</summary>
    private void FlushAndLeave()
    {
        while (_clients.Count > 0)
        {
            _loop.RunOnce();
        }
    }

    private void Trim()
    {
        _trimmed = true;
        _waitSmall = true;
        _checked = false;
        _trimmedAt = Environment.TickCount64;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - _collectedAt >= WorthCollecting)
        {
            // What the start needed is garbage now, and what execs did; a turn of the loop itself allocates next to nothing.
            // A collection touches another megabyte, of the runtime's: not on top of what the burst has touched.
            _collectedAt = allocated;
            ResidentMemory.Trim();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

            // Its thread runs after this, and what it runs would stay in memory until the next event.
            GC.WaitForPendingFinalizers();

            // A filter that was compiled took a megabyte of the C library.
            ResidentMemory.TrimHeap();
        }

        _log.Trim();
        _runtime.Trim();
        _buffer.Discard();
    }
}

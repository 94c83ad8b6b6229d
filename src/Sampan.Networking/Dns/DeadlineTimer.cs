using Sampan.Linux;
using Sampan.Linux.Events;

namespace Sampan.Networking.Dns;

/// <summary>One timer for everything that must not last for ever. It may come early, never late: who is told looks at what is due.</summary>
internal sealed class DeadlineTimer : IEventHandler, IDisposable
{
    private readonly EventLoop _loop;
    private readonly Func<long> _sweep;
    private readonly TimerDescriptor _timer = new();
    private long _armed = long.MaxValue;

    /// <param name="loop">Who tells of events.</param>
    /// <param name="sweep">Ends what is due; answers when the next thing is, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
    /// <exception cref="LinuxException">There is no descriptor for a timer.</exception>
    public DeadlineTimer(EventLoop loop, Func<long> sweep)
    {
        _loop = loop;
        _sweep = sweep;
        loop.Add(_timer.Descriptor.Number, EpollEvents.Readable, this);
    }

    /// <summary>Something must not last longer.</summary>
    /// <param name="deadline">In milliseconds of <see cref="Environment.TickCount64"/>; the largest number is never.</param>
    public void Expect(long deadline)
    {
        if (deadline < _armed)
        {
            _timer.Arm(deadline - Environment.TickCount64);
            _armed = deadline;
        }
    }

    public void OnReady(int descriptor, EpollEvents events)
    {
        _timer.Acknowledge();
        _armed = long.MaxValue;
        Expect(_sweep());
    }

    public void Dispose()
    {
        _loop.Remove(_timer.Descriptor.Number);
        _timer.Dispose();
    }
}

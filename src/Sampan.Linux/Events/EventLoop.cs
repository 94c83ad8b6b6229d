namespace Sampan.Linux.Events;

/// <summary>Waits for descriptors and tells their handlers, on the thread that runs it. Allocates nothing while it runs.</summary>
public sealed class EventLoop : IDisposable
{
    private readonly Epoll _epoll = new();
    private IEventHandler?[] _handlers = new IEventHandler?[16];

    /// <summary>Watches a descriptor.</summary>
    /// <param name="descriptor">Number of the descriptor.</param>
    /// <param name="events">What to wait for; errors and hang-ups come unasked.</param>
    /// <param name="handler">Who is told.</param>
    /// <exception cref="LinuxException">epoll_ctl(2) failed.</exception>
    public void Add(int descriptor, EpollEvents events, IEventHandler handler)
    {
        if (descriptor >= _handlers.Length)
        {
            Array.Resize(ref _handlers, Math.Max(descriptor + 1, _handlers.Length * 2));
        }

        _epoll.Add(descriptor, events);
        _handlers[descriptor] = handler;
    }

    /// <summary>Changes what to wait for.</summary>
    /// <param name="descriptor">A descriptor that is watched.</param>
    /// <param name="events">What to wait for.</param>
    /// <exception cref="LinuxException">epoll_ctl(2) failed.</exception>
    public void Modify(int descriptor, EpollEvents events) => _epoll.Modify(descriptor, events);

    /// <summary>Watches a descriptor no more; must come before it is closed. Its handler is not told of what has already happened.</summary>
    /// <param name="descriptor">A descriptor that is watched.</param>
    /// <exception cref="LinuxException">epoll_ctl(2) failed.</exception>
    public void Remove(int descriptor)
    {
        _epoll.Remove(descriptor);
        _handlers[descriptor] = null;
    }

    /// <summary>Waits once and tells the handlers of what happened.</summary>
    /// <param name="milliseconds">How long; -1 is without end.</param>
    /// <returns>False when nothing happened in that time.</returns>
    /// <exception cref="LinuxException">epoll_wait(2) failed.</exception>
    public bool RunOnce(int milliseconds = -1) => Tell(_epoll.Wait(milliseconds));

    /// <summary>The same, with as little memory as can be while it waits: for what may take long.</summary>
    /// <inheritdoc cref="RunOnce"/>
    public bool RunOnceSmall(int milliseconds = -1) => Tell(_epoll.WaitSmall(milliseconds));

    /// <inheritdoc/>
    public void Dispose() => _epoll.Dispose();

    private bool Tell(int count)
    {
        for (var index = 0; index < count; index++)
        {
            var descriptor = _epoll.EventDescriptor(index);
            if (descriptor >= 0)
            {
                _handlers[descriptor]?.OnReady(descriptor, _epoll.EventFlags(index));
            }
        }

        return count > 0;
    }
}

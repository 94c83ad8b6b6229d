using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Events;

/// <summary>A timer of the monotonic clock that becomes readable (timerfd_create(2)).</summary>
public sealed unsafe class TimerDescriptor : IDisposable
{
    private const int Monotonic = 1;
    private const int NonBlockingCloseOnExec = 0x800 | 0x8_0000;

    /// <summary>Makes a timer that is not armed.</summary>
    /// <exception cref="LinuxException">timerfd_create(2) failed.</exception>
    public TimerDescriptor() =>
        Descriptor = new((int)Kernel.Check(Kernel.Call(SystemCall.TimerfdCreate, Monotonic, NonBlockingCloseOnExec), "make timer"));

    /// <summary>What to poll.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Lets it expire once.</summary>
    /// <param name="milliseconds">From now; 0 or less is at once.</param>
    /// <exception cref="LinuxException">timerfd_settime(2) failed.</exception>
    public void Arm(long milliseconds)
    {
        // A value of zero would disarm it (timerfd_settime(2)).
        var value = milliseconds <= 0 ? new TimeSpec(0, 1) : new TimeSpec(milliseconds / 1000, milliseconds % 1000 * 1_000_000);
        Set(value);
    }

    /// <summary>Stops it.</summary>
    /// <exception cref="LinuxException">timerfd_settime(2) failed.</exception>
    public void Disarm() => Set(default);

    /// <summary>Takes the expiry, so that it is readable no more.</summary>
    public void Acknowledge()
    {
        Span<byte> count = stackalloc byte[8];
        _ = Descriptor.TryRead(count);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private void Set(TimeSpec value)
    {
        var specification = stackalloc TimeSpec[2];
        specification[0] = default;
        specification[1] = value;
        Kernel.Check(Kernel.Call(SystemCall.TimerfdSettime, Descriptor.Number, 0, (nint)specification, 0), "set timer");
    }
}

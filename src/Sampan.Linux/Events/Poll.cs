using Sampan.Linux.Interop;

namespace Sampan.Linux.Events;

/// <summary>poll(2): the wait of a program with few descriptors, which needs no set-up.</summary>
public static unsafe class Poll
{
    /// <summary>Waits for any of the entries.</summary>
    /// <param name="entries">Descriptors; their <see cref="PollEntry.Ready"/> is set.</param>
    /// <param name="milliseconds">How long; -1 is without end.</param>
    /// <returns>How many are ready; 0 when the time is over or a signal came.</returns>
    /// <exception cref="LinuxException">ppoll(2) failed.</exception>
    public static int Wait(Span<PollEntry> entries, int milliseconds = -1)
    {
        var time = new TimeSpec(milliseconds / 1000, milliseconds % 1000 * 1_000_000L);
        fixed (PollEntry* pointer = entries)
        {
            var timeout = milliseconds < 0 ? 0 : (nint)(&time);
            var result = Kernel.CallBlocking(SystemCall.Ppoll, (nint)pointer, entries.Length, timeout);
            if (result == -(int)Errno.EINTR)
            {
                // Nothing was written to the entries: they may hold the answer of the call before.
                entries.ForgetReady();
                return 0;
            }

            return (int)Kernel.Check(result, "poll");
        }
    }

    /// <summary>Waits for one descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">What to wait for.</param>
    /// <param name="milliseconds">How long; -1 is without end.</param>
    /// <returns>True when it is ready; false when the time is over.</returns>
    /// <exception cref="LinuxException">ppoll(2) failed.</exception>
    public static bool Wait(int descriptor, EpollEvents events, int milliseconds = -1)
    {
        Span<PollEntry> entry = [new(descriptor, events)];
        while (Wait(entry, milliseconds) == 0)
        {
            if (milliseconds >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void ForgetReady(this Span<PollEntry> entries)
    {
        foreach (ref var entry in entries)
        {
            entry = new(entry.Descriptor, entry.Wanted);
        }
    }
}

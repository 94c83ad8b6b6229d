using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Memory;

namespace Sampan.Linux.Events;

/// <summary>An epoll(7) instance, level-triggered. One batch of events is kept; reading it allocates nothing.</summary>
public sealed unsafe class Epoll : IDisposable
{
    private const int Capacity = 16;
    private const int ControlAdd = 1;
    private const int ControlRemove = 2;
    private const int ControlModify = 3;

    // struct epoll_event is packed on x86-64 alone (sys/epoll.h, EPOLL_PACKED).
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Stride - 8;

    private readonly FileDescriptor _descriptor;
    private readonly byte[] _events = new byte[Capacity * 16];
    private int _count;

    /// <summary>Makes an instance.</summary>
    /// <exception cref="LinuxException">epoll_create1(2) failed.</exception>
    public Epoll()
    {
        const int closeOnExec = 0x8_0000;
        _descriptor = new((int)Kernel.Check(Kernel.Call(SystemCall.EpollCreate1, closeOnExec), "make epoll"));
    }

    /// <summary>Watches a descriptor.</summary>
    /// <param name="descriptor">Number of the descriptor; it is also what <see cref="EventDescriptor"/> answers.</param>
    /// <param name="events">What to wait for.</param>
    /// <exception cref="LinuxException">epoll_ctl(2) failed; EPERM for a regular file, which is always ready.</exception>
    public void Add(int descriptor, EpollEvents events) => Control(ControlAdd, descriptor, events);

    /// <summary>Changes what to wait for.</summary>
    /// <inheritdoc cref="Add"/>
    public void Modify(int descriptor, EpollEvents events) => Control(ControlModify, descriptor, events);

    /// <summary>Watches a descriptor no more. Must come before the descriptor is closed: a duplicate elsewhere would keep it reported.</summary>
    /// <param name="descriptor">Number of the descriptor.</param>
    /// <exception cref="LinuxException">epoll_ctl(2) failed.</exception>
    public void Remove(int descriptor)
    {
        Control(ControlRemove, descriptor, EpollEvents.None);

        // Its number may be another's soon: what this batch still says of it must reach nobody.
        for (var index = 0; index < _count; index++)
        {
            if (EventDescriptor(index) == descriptor)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_events.AsSpan((index * Stride) + DataOffset), -1);
            }
        }
    }

    /// <summary>Waits.</summary>
    /// <param name="milliseconds">How long; -1 is without end.</param>
    /// <returns>How many events there are; 0 when the time is over or a signal came.</returns>
    /// <exception cref="LinuxException">epoll_wait(2) failed.</exception>
    public int Wait(int milliseconds)
    {
        fixed (byte* pointer = _events)
        {
            return Take(Kernel.CallBlocking(SystemCall.EpollPwait, _descriptor.Number, (nint)pointer, Capacity, milliseconds));
        }
    }

    /// <summary>
    /// Waits as a process that is small: what it has mapped of files is dropped first (<see cref="ResidentMemory"/>). Nothing but these calls lies
    /// between that and the wait, since whatever code runs is mapped again with 64 KiB around it (fault_around_bytes, mm/memory.c).
    /// </summary>
    /// <inheritdoc cref="Wait"/>
    public int WaitSmall(int milliseconds)
    {
        var mappings = ResidentMemory.Clean;
        fixed (byte* pointer = _events)
        {
            foreach (var (start, length) in mappings)
            {
                _ = Libc.Syscall(SystemCall.Madvise, start, length, ResidentMemory.DontNeed, 0, 0, 0);
            }

            var result = Libc.BlockingSyscall(SystemCall.EpollPwait, _descriptor.Number, (nint)pointer, Capacity, milliseconds, 0, 0);
            return Take(result != -1 ? result : -*Libc.ErrnoLocation());
        }
    }

    /// <summary>Which descriptor an event of the last <see cref="Wait"/> is for.</summary>
    /// <param name="index">Less than what it returned.</param>
    /// <returns>The number given to <see cref="Add"/>; -1 when it was removed since.</returns>
    public int EventDescriptor(int index) => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((index * Stride) + DataOffset));

    /// <summary>What happened to it.</summary>
    /// <param name="index">Less than what <see cref="Wait"/> returned.</param>
    /// <returns>Readiness.</returns>
    public EpollEvents EventFlags(int index) => (EpollEvents)BinaryPrimitives.ReadUInt32LittleEndian(_events.AsSpan(index * Stride));

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private int Take(nint result) => _count = result == -(int)Errno.EINTR ? 0 : (int)Kernel.Check(result, "wait for events");

    private void Control(int operation, int descriptor, EpollEvents events)
    {
        var buffer = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(buffer, 4), (uint)events);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(buffer + DataOffset, 8), descriptor);
        Kernel.Check(Kernel.Call(SystemCall.EpollCtl, _descriptor.Number, operation, descriptor, (nint)buffer), "watch", "descriptor");
    }
}

using System.Buffers.Binary;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Signals;

/// <summary>Signals as something to poll and read (signalfd(2)). The signals must be blocked in every thread.</summary>
public sealed unsafe class SignalDescriptor : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x800 | 0x8_0000;
    private const int RecordLength = 128;

    /// <summary>Makes a descriptor for a set of signals.</summary>
    /// <param name="signals">The signals.</param>
    /// <exception cref="LinuxException">signalfd4(2) failed.</exception>
    public SignalDescriptor(SignalSet signals)
    {
        var bits = signals.Bits;
        Descriptor = new((int)Kernel.Check(
            Kernel.Call(SystemCall.Signalfd4, -1, (nint)(&bits), sizeof(ulong), NonBlockingCloseOnExec), "make signal descriptor"));
    }

    /// <summary>What to poll.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Takes one signal without waiting.</summary>
    /// <returns>Its number, or 0 when none waits.</returns>
    public int Take()
    {
        // struct signalfd_siginfo begins with the number.
        Span<byte> record = stackalloc byte[RecordLength];
        return Descriptor.TryRead(record) == RecordLength ? BinaryPrimitives.ReadInt32LittleEndian(record) : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}

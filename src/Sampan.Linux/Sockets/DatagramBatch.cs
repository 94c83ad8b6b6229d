using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Memory;

namespace Sampan.Linux.Sockets;

/// <summary>
/// Datagrams that are received with one call, and answered in place with another (recvmmsg(2), sendmmsg(2)). Allocates nothing once it is made.
/// </summary>
public sealed unsafe class DatagramBatch : IDisposable
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;

    // sizeof(struct sockaddr_in6), the longer one.
    private const int AddressLength = 28;
    private const int AddressStride = 32;

    private readonly AnonymousMemory _memory;
    private readonly int _capacity;
    private readonly int _length;
    private readonly byte* _payload;
    private readonly byte* _addresses;
    private readonly Message* _answers;
    private readonly Vector* _vectors;
    private Message* _received;
    private int _taken;
    private int _queued;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">Most datagrams that one call takes.</param>
    /// <param name="length">Bytes there are for each; a longer one is cut.</param>
    /// <exception cref="LinuxException">mmap(2) failed.</exception>
    public DatagramBatch(int capacity, int length)
    {
        _capacity = capacity;
        _length = length;
        _memory = new(capacity * length);
        fixed (byte* start = _memory.Span)
        {
            // It is the kernel's memory: it stays where it is.
            _payload = start;
        }

        _received = (Message*)NativeMemory.AllocZeroed((nuint)(capacity * ((2 * sizeof(Message)) + (2 * sizeof(Vector)) + AddressStride)));
        _answers = _received + capacity;
        _vectors = (Vector*)(_answers + capacity);
        _addresses = (byte*)(_vectors + (2 * capacity));
        for (var index = 0; index < capacity; index++)
        {
            _vectors[index] = new() { Start = Start(index), Length = length };
            _received[index] = new() { Name = _addresses + (index * AddressStride), NameLength = AddressLength, Vectors = _vectors + index, VectorCount = 1 };
        }
    }

    /// <summary>Takes what has come, without waiting. What was received before is forgotten.</summary>
    /// <param name="socket">A datagram socket.</param>
    /// <returns>How many there are, or minus the error number (EAGAIN when there is none).</returns>
    public int Receive(FileDescriptor socket)
    {
        _queued = 0;
        for (var index = 0; index < _taken; index++)
        {
            // The kernel has written the length of the address it found.
            _received[index].NameLength = AddressLength;
        }

        var result = (int)Kernel.Call(SystemCall.Recvmmsg, socket.Number, (nint)_received, _capacity, DoNotWait, 0);
        _taken = Math.Max(0, result);
        return result;
    }

    /// <summary>The room of a datagram; its first bytes are what came, and an answer may take all of it.</summary>
    /// <param name="index">Less than what <see cref="Receive"/> returned.</param>
    public Span<byte> Room(int index) => new(Start(index), _length);

    /// <summary>How many bytes came.</summary>
    /// <param name="index">Less than what <see cref="Receive"/> returned.</param>
    public int Length(int index) => (int)_received[index].Length;

    /// <summary>Who sent it, as a struct sockaddr.</summary>
    /// <param name="index">Less than what <see cref="Receive"/> returned.</param>
    public ReadOnlySpan<byte> Address(int index) => new(_addresses + (index * AddressStride), (int)_received[index].NameLength);

    /// <summary>Says that the first bytes of a room are the answer to whoever sent the datagram.</summary>
    /// <param name="index">Less than what <see cref="Receive"/> returned, and at most once for each.</param>
    /// <param name="length">How many bytes.</param>
    public void Answer(int index, int length)
    {
        var vector = _vectors + _capacity + _queued;
        *vector = new() { Start = Start(index), Length = length };
        _answers[_queued++] = new() { Name = _addresses + (index * AddressStride), NameLength = _received[index].NameLength, Vectors = vector, VectorCount = 1 };
    }

    /// <summary>
    /// Sends the answers, without waiting. One the kernel refuses is passed over; where it takes no more for now, the rest is dropped, as
    /// datagrams are.
    /// </summary>
    /// <param name="socket">A datagram socket.</param>
    /// <returns>How many were sent.</returns>
    public int Send(FileDescriptor socket)
    {
        var sent = 0;
        for (var next = 0; next < _queued;)
        {
            var result = (int)Kernel.Call(SystemCall.Sendmmsg, socket.Number, (nint)(_answers + next), _queued - next, DoNotWait | NoSignal);
            if (result is -(int)Errno.EAGAIN or -(int)Errno.ENOBUFS)
            {
                break;
            }

            sent += Math.Max(0, result);
            next += Math.Max(1, result);
        }

        _queued = 0;
        return sent;
    }

    /// <summary>Gives the memory of the datagrams back to the kernel; what was received is lost.</summary>
    public void Discard() => _memory.Discard();

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        NativeMemory.Free(_received);
        _received = null;
    }

    private byte* Start(int index) => _payload + (index * _length);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public byte* Start;
        public nint Length;
    }

    /// <summary>struct mmsghdr on 64-bit: a struct msghdr, then the bytes that were received.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Message
    {
        [FieldOffset(0)]
        public byte* Name;
        [FieldOffset(8)]
        public uint NameLength;
        [FieldOffset(16)]
        public Vector* Vectors;
        [FieldOffset(24)]
        public nint VectorCount;
        [FieldOffset(56)]
        public uint Length;
    }
}

using System.Runtime.InteropServices;

namespace Sampan.Linux.Events;

/// <summary><c>struct pollfd</c> (poll(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollEntry
{
    /// <summary>Descriptor; a negative one is left out.</summary>
    public int Descriptor;

    private short _wanted;
    // Written by the kernel.
    private readonly short _ready;

    /// <summary>An entry.</summary>
    /// <param name="descriptor">Descriptor; a negative one is left out.</param>
    /// <param name="wanted">What to wait for.</param>
    public PollEntry(int descriptor, EpollEvents wanted)
    {
        Descriptor = descriptor;
        _wanted = (short)wanted;
        _ready = 0;
    }

    /// <summary>What to wait for.</summary>
    public EpollEvents Wanted
    {
        readonly get => (EpollEvents)(ushort)_wanted;
        set => _wanted = (short)value;
    }

    /// <summary>What happened; hang-ups and errors come unasked.</summary>
    public readonly EpollEvents Ready => (EpollEvents)(ushort)_ready;
}

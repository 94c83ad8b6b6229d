using System.Runtime.CompilerServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Terminals;

/// <summary>
/// A terminal taken into raw mode, where every key goes to whoever reads it, and given back as it was on dispose (termios(3),
/// ioctl_tty(2)).
/// </summary>
public sealed unsafe class TerminalMode : IDisposable
{
    private const int GetAttributes = 0x5401;
    private const int SetAttributes = 0x5402;
    private const int MinimumBytes = 6;
    private const int Timeout = 5;

    // asm-generic/termbits.h, the same on x86-64 and AArch64.
    private const uint InputMask = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
    private const uint OutputMask = 0x1;
    private const uint Echo = 0x8;
    private const uint LocalMask = Echo | 0x40 | 0x2 | 0x1 | 0x8000;
    private const uint ControlMask = 0x30 | 0x100;
    private const uint EightBits = 0x30;

    private readonly int _descriptor;
    private Attributes _saved;
    private bool _restored;

    private TerminalMode(int descriptor, Attributes saved)
    {
        _descriptor = descriptor;
        _saved = saved;
    }

    /// <summary>Whether a descriptor is a terminal (isatty(3)).</summary>
    /// <param name="descriptor">Number of a descriptor.</param>
    /// <returns>True when it is.</returns>
    public static bool IsTerminal(int descriptor)
    {
        Attributes attributes;
        return Kernel.Call(SystemCall.Ioctl, descriptor, GetAttributes, (nint)(&attributes)) >= 0;
    }

    /// <summary>Takes a terminal into raw mode: no echo, no lines, no signals from keys, no translation (cfmakeraw(3)).</summary>
    /// <param name="descriptor">Number of a descriptor of the terminal.</param>
    /// <returns>What gives it back.</returns>
    /// <exception cref="LinuxException">It is not a terminal, or it is gone.</exception>
    public static TerminalMode MakeRaw(int descriptor)
    {
        Attributes attributes;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, descriptor, GetAttributes, (nint)(&attributes)), "read terminal mode");
        var mode = new TerminalMode(descriptor, attributes);
        attributes.Input &= ~InputMask;
        attributes.Output &= ~OutputMask;
        attributes.Local &= ~LocalMask;
        attributes.Control = (attributes.Control & ~ControlMask) | EightBits;
        attributes.Characters[MinimumBytes] = 1;
        attributes.Characters[Timeout] = 0;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, descriptor, SetAttributes, (nint)(&attributes)), "set terminal mode");
        return mode;
    }

    /// <summary>Lets what is typed not show, as for a password; lines and signals from keys stay (termios(3), ECHO).</summary>
    /// <param name="descriptor">Number of a descriptor of the terminal.</param>
    /// <returns>What gives it back.</returns>
    /// <exception cref="LinuxException">It is not a terminal, or it is gone.</exception>
    public static TerminalMode HideInput(int descriptor)
    {
        Attributes attributes;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, descriptor, GetAttributes, (nint)(&attributes)), "read terminal mode");
        var mode = new TerminalMode(descriptor, attributes);
        attributes.Local &= ~Echo;
        Kernel.Check(Kernel.Call(SystemCall.Ioctl, descriptor, SetAttributes, (nint)(&attributes)), "set terminal mode");
        return mode;
    }

    /// <summary>Gives the terminal back as it was. A terminal that is gone is not an error.</summary>
    public void Dispose()
    {
        if (!_restored)
        {
            _restored = true;
            fixed (Attributes* saved = &_saved)
            {
                _ = Kernel.Call(SystemCall.Ioctl, _descriptor, SetAttributes, (nint)saved);
            }
        }
    }

    // The kernel's struct termios, 36 bytes; the C library's is another.
    private struct Attributes
    {
        public uint Input;
        public uint Output;
        public uint Control;
        public uint Local;
        public byte Line;
        public ControlCharacters Characters;
    }

    [InlineArray(19)]
    private struct ControlCharacters
    {
        private byte _first;
    }
}

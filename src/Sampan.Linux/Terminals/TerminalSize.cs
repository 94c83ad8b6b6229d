using System.Runtime.InteropServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Terminals;

/// <summary>Rows and columns of a terminal (ioctl_tty(2), TIOCGWINSZ).</summary>
/// <param name="Rows">Rows; 0 when unknown.</param>
/// <param name="Columns">Columns; 0 when unknown.</param>
public readonly record struct TerminalSize(ushort Rows, ushort Columns)
{
    private const int GetWindowSize = 0x5413;

    /// <summary>Asks a terminal for its size.</summary>
    /// <param name="descriptor">Number of a descriptor.</param>
    /// <returns>The size, or null when it is not a terminal.</returns>
    public static unsafe TerminalSize? TryRead(int descriptor)
    {
        WindowSize size;
        return Kernel.Call(SystemCall.Ioctl, descriptor, GetWindowSize, (nint)(&size)) < 0 ? null : new(size.Rows, size.Columns);
    }

    // struct winsize.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize
    {
        public readonly ushort Rows;
        public readonly ushort Columns;
        public readonly ushort Width;
        public readonly ushort Height;
    }
}

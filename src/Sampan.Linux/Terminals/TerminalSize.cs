using System.Runtime.InteropServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Terminals;

/// <summary>Rows and columns of a terminal (ioctl_tty(2), TIOCGWINSZ).</summary>
/// <param name="Rows">Rows; 0 when unknown.</param>
/// <param name="Columns">Columns; 0 when unknown.</param>
public readonly record struct TerminalSize(ushort Rows, ushort Columns)
{
    private const int GetWindowSize = 0x5413;
    private const int SetWindowSize = 0x5414;

    /// <summary>Asks a terminal for its size.</summary>
    /// <param name="descriptor">Number of a descriptor.</param>
    /// <returns>The size, or null when it is not a terminal.</returns>
    public static unsafe TerminalSize? TryRead(int descriptor)
    {
        WindowSize size;
        return Kernel.Call(SystemCall.Ioctl, descriptor, GetWindowSize, (nint)(&size)) < 0 ? null : new(size.Rows, size.Columns);
    }

    /// <summary>Tells a terminal its size; the foreground processes get SIGWINCH where it is another than before.</summary>
    /// <param name="descriptor">Number of a descriptor, of either side of a pseudo terminal.</param>
    /// <returns>False when it is no terminal, or its other side is gone (ENOTTY, EIO): then there is nobody to care.</returns>
    public unsafe bool TrySet(int descriptor)
    {
        var size = new WindowSize(Rows, Columns);
        return Kernel.Call(SystemCall.Ioctl, descriptor, SetWindowSize, (nint)(&size)) >= 0;
    }

    // struct winsize.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize(ushort rows, ushort columns)
    {
        public readonly ushort Rows = rows;
        public readonly ushort Columns = columns;
        public readonly ushort Width;
        public readonly ushort Height;
    }
}

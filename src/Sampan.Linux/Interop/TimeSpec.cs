using System.Runtime.InteropServices;

namespace Sampan.Linux.Interop;

/// <summary><c>struct timespec</c> on 64-bit Linux (timespec(3type)).</summary>
/// <param name="Seconds">Whole seconds.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct TimeSpec(long Seconds, long Nanoseconds);

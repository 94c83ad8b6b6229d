using System.Runtime.InteropServices;

namespace Sampan.Linux.Interop;

/// <summary><c>struct open_how</c> (openat2(2)).</summary>
/// <param name="Flags">O_ flags.</param>
/// <param name="Mode">Permission bits; must be 0 unless a file may be created.</param>
/// <param name="Resolve">RESOLVE_ flags.</param>
[StructLayout(LayoutKind.Sequential)]
public record struct OpenHow(ulong Flags, ulong Mode, ulong Resolve);

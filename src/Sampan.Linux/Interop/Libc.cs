using System.Runtime.InteropServices;

namespace Sampan.Linux.Interop;

/// <summary>
/// The entry points of the C library everything else is built on. All kernel calls go through <c>syscall(2)</c>, so that a launch
/// plan and ordinary code speak of the same numbers and arguments.
/// </summary>
public static unsafe partial class Libc
{
    /// <summary>
    /// Makes one system call that does not block. No GC transition: the call is a bare <c>call</c> instruction, which is what makes it
    /// legal in a cloned child (ARCHITECTURE.md, "clone rules").
    /// </summary>
    /// <param name="number">Number of the call on this architecture, from <see cref="SystemCall"/>.</param>
    /// <param name="a0">First argument.</param>
    /// <param name="a1">Second argument.</param>
    /// <param name="a2">Third argument.</param>
    /// <param name="a3">Fourth argument.</param>
    /// <param name="a4">Fifth argument.</param>
    /// <param name="a5">Sixth argument.</param>
    /// <returns>The kernel's result, or -1 with the error at <see cref="ErrnoLocation"/> (syscall(2)).</returns>
    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    public static partial nint Syscall(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);

    /// <summary>The same for calls that may block (read, epoll_wait, waitid, flock): the GC may run meanwhile.</summary>
    /// <inheritdoc cref="Syscall"/>
    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial nint BlockingSyscall(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);

    /// <summary>Address of the calling thread's <c>errno</c>.</summary>
    /// <returns>A pointer valid for the life of the thread.</returns>
    [LibraryImport("libc", EntryPoint = "__errno_location")]
    [SuppressGCTransition]
    public static partial int* ErrnoLocation();

    /// <summary>clock_gettime(2), answered by the vDSO without entering the kernel.</summary>
    /// <param name="clock">Clock id, 1 for CLOCK_MONOTONIC.</param>
    /// <param name="time">Receives seconds and nanoseconds.</param>
    /// <returns>0, or -1.</returns>
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    /// <summary>Gives memory the allocator holds free back to the kernel (malloc_trim(3)).</summary>
    /// <param name="pad">Bytes to keep at the top of the heap.</param>
    /// <returns>1 when something was given back.</returns>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int MallocTrim(nint pad);
}

using System.Buffers.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Processes;

/// <summary>What /proc says of a process.</summary>
public static class ProcessStatus
{
    private const int StartTimeField = 22;

    /// <summary>Start time (proc_pid_stat(5)): with the pid it names a process for good, since pids come back.</summary>
    /// <param name="pid">Its pid as /proc shows it.</param>
    /// <returns>Clock ticks since boot; 0 when the process is gone.</returns>
    public static long StartTime(int pid) => TryRead(pid, out _, out var ticks) ? ticks : 0;

    /// <summary>Whether the very process still runs: a zombie does not.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="startTime">Its start time.</param>
    /// <returns>True while it does.</returns>
    public static bool Runs(int pid, long startTime) =>
        pid > 0 && TryRead(pid, out var state, out var ticks) && ticks == startTime && state is not ('Z' or 'X');

    /// <summary>How a process ended that its parent has not reaped yet (proc_pid_stat(5), exit_code).</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="startTime">Its start time.</param>
    /// <returns>Its wait status (wait(2)); null when it is no zombie, or gone.</returns>
    public static int? TryExitStatus(int pid, long startTime)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var stat = Read(pid, buffer).TrimEnd((byte)'\n');
        return !stat.IsEmpty && TryParse(stat, out var state, out var ticks) && (state is 'Z' or 'X') && ticks == startTime
            && Utf8Parser.TryParse(stat[(stat.LastIndexOf((byte)' ') + 1)..], out int status, out _)
            ? status
            : null;
    }

    /// <summary>A process's number in the pid namespace it is in (proc_pid_status(5), NSpid).</summary>
    /// <param name="pid">Its pid as /proc shows it.</param>
    /// <returns>The number; 0 when the process is gone.</returns>
    public static int InnermostPid(int pid)
    {
        using var file = FileDescriptor.TryOpen($"/proc/{pid}/status", OpenFlags.ReadOnly);
        Span<byte> buffer = stackalloc byte[4096];
        var count = file?.TryRead(buffer) ?? 0;
        var text = count > 0 ? buffer[..count] : default;
        var start = text.IndexOf("\nNSpid:"u8);
        if (start < 0)
        {
            return 0;
        }

        var line = text[(start + 7)..];
        line = line[..line.IndexOf((byte)'\n')];
        return Utf8Parser.TryParse(line[(line.LastIndexOf((byte)'\t') + 1)..], out int number, out _) ? number : 0;
    }

    /// <summary>
    /// Whether a signal does nothing to a process: it ignores it, or is the first of its pid namespace and does not handle it (signals
    /// from outside but SIGKILL and SIGSTOP need a handler there, pid_namespaces(7)). One that is blocked is taken to be waited for.
    /// </summary>
    /// <param name="pid">Its pid as /proc shows it.</param>
    /// <param name="signal">The signal's number.</param>
    /// <returns>False also when the process is gone.</returns>
    public static bool IsDeafTo(int pid, int signal)
    {
        using var file = FileDescriptor.TryOpen($"/proc/{pid}/status", OpenFlags.ReadOnly);
        Span<byte> buffer = stackalloc byte[4096];
        var count = file?.TryRead(buffer) ?? 0;
        return count > 0 && IsDeafTo(buffer[..count], signal);
    }

    /// <summary>The same by the text of /proc/PID/status (proc_pid_status(5): SigBlk, SigIgn, SigCgt, NSpid).</summary>
    /// <param name="status">The text.</param>
    /// <param name="signal">The signal's number.</param>
    /// <returns>True when it does nothing.</returns>
    public static bool IsDeafTo(ReadOnlySpan<byte> status, int signal)
    {
        var bit = 1UL << (signal - 1);
        if (signal is 9 or 19 || !TryMask(status, "\nSigBlk:\t"u8, out var blocked) || !TryMask(status, "\nSigIgn:\t"u8, out var ignored)
            || !TryMask(status, "\nSigCgt:\t"u8, out var caught) || ((blocked | caught) & bit) != 0)
        {
            return false;
        }

        return (ignored & bit) != 0 || IsFirst(Line(status, "\nNSpid:\t"u8));
    }

    // More than one number, and the innermost is 1.
    private static bool IsFirst(ReadOnlySpan<byte> numbers) => numbers.LastIndexOf((byte)'\t') is >= 0 and var tab && numbers[(tab + 1)..].SequenceEqual("1"u8);

    private static bool TryMask(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name, out ulong mask) =>
        Utf8Parser.TryParse(Line(status, name), out mask, out _, 'x');

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
    {
        var start = status.IndexOf(name);
        var line = start < 0 ? [] : status[(start + name.Length)..];
        return line.IndexOf((byte)'\n') is >= 0 and var end ? line[..end] : line;
    }

    /// <summary>Reads the two fields out of the line.</summary>
    /// <param name="stat">The content of /proc/PID/stat.</param>
    /// <param name="state">The letter of the third field.</param>
    /// <param name="startTime">The 22nd field.</param>
    /// <returns>False when the line is none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> stat, out char state, out long startTime)
    {
        // The second field is the program's name in parentheses, which may hold anything.
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..];
        state = rest.Length > 1 ? (char)rest[1] : '\0';
        for (var field = 2; field < StartTimeField; field++)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(rest, out startTime, out _);
    }

    private static bool TryRead(int pid, out char state, out long startTime)
    {
        state = '\0';
        startTime = 0;
        Span<byte> buffer = stackalloc byte[1024];
        var stat = Read(pid, buffer);
        return !stat.IsEmpty && TryParse(stat, out state, out startTime);
    }

    // A process that ends between open and read answers ESRCH.
    private static ReadOnlySpan<byte> Read(int pid, Span<byte> buffer)
    {
        using var file = FileDescriptor.TryOpen($"/proc/{pid}/stat", OpenFlags.ReadOnly);
        var count = file?.TryRead(buffer) ?? 0;
        return count > 0 ? buffer[..count] : default;
    }
}

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
        using var file = FileDescriptor.TryOpen($"/proc/{pid}/stat", OpenFlags.ReadOnly);
        if (file is null)
        {
            return false;
        }

        // A process that ends between open and read answers ESRCH.
        Span<byte> buffer = stackalloc byte[1024];
        var count = file.TryRead(buffer);
        return count > 0 && TryParse(buffer[..count], out state, out startTime);
    }
}

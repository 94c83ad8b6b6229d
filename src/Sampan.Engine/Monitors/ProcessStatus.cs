using System.Buffers.Text;
using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>What /proc says of a process.</summary>
internal static class ProcessStatus
{
    private const int StartTimeField = 22;

    /// <summary>Start time in clock ticks since boot (proc_pid_stat(5)); 0 when the process is gone.</summary>
    public static long StartTime(int pid)
    {
        using var file = FileDescriptor.TryOpen($"/proc/{pid}/stat", OpenFlags.ReadOnly);
        if (file is null)
        {
            return 0;
        }

        Span<byte> buffer = stackalloc byte[1024];
        var count = file.TryRead(buffer);
        return count <= 0 ? 0 : ParseStartTime(buffer[..count]);
    }

    internal static long ParseStartTime(ReadOnlySpan<byte> stat)
    {
        // The second field is the program's name in parentheses, which may hold anything.
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..];
        for (var field = 2; field < StartTimeField; field++)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(rest, out long ticks, out _) ? ticks : 0;
    }
}

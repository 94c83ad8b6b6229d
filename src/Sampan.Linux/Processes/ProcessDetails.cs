using System.Globalization;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Processes;

/// <summary>A process as ps(1) lists it, from /proc/PID/stat, status and cmdline (proc_pid_stat(5)). Times are in ticks of USER_HZ, 100 a second.</summary>
public sealed record ProcessDetails
{
    /// <summary>Pid in the reader's namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>Pid of the parent; 0 when that is outside the reader's namespace.</summary>
    public required int ParentPid { get; init; }

    /// <summary>Process group.</summary>
    public required int Group { get; init; }

    /// <summary>Session.</summary>
    public required int Session { get; init; }

    /// <summary>Number of the controlling terminal; 0 without one.</summary>
    public required int Terminal { get; init; }

    /// <summary>Process group in the foreground of that terminal; -1 without one.</summary>
    public required int ForegroundGroup { get; init; }

    /// <summary>Letter of its state.</summary>
    public required char State { get; init; }

    /// <summary>Name of its program, 15 bytes at most.</summary>
    public required string Name { get; init; }

    /// <summary>Its arguments; empty for a zombie.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>CPU time.</summary>
    public required long CpuTicks { get; init; }

    /// <summary>When it started, since boot.</summary>
    public required long StartTicks { get; init; }

    /// <summary>Priority as the scheduler has it.</summary>
    public required long Priority { get; init; }

    /// <summary>Nice value.</summary>
    public required long Nice { get; init; }

    /// <summary>Threads.</summary>
    public required long Threads { get; init; }

    /// <summary>Bytes of address space.</summary>
    public required long VirtualBytes { get; init; }

    /// <summary>Bytes in memory.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>The CPU it last ran on.</summary>
    public required long Processor { get; init; }

    /// <summary>Effective user id.</summary>
    public required uint UserId { get; init; }

    /// <summary>Effective group id.</summary>
    public required uint GroupId { get; init; }

    /// <summary>Reads a process.</summary>
    /// <param name="pid">Its pid.</param>
    /// <returns>What is known of it; null when it is gone.</returns>
    public static ProcessDetails? TryRead(int pid)
    {
        var stat = Read(pid, "stat");
        var close = stat.LastIndexOf(')');
        if (close < 0 || Read(pid, "status") is not { Length: > 0 } status)
        {
            return null;
        }

        // What follows the name in parentheses begins with the third field.
        var fields = stat[(close + 2)..].Split(' ');
        long Field(int number) => long.TryParse(fields[number - 3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
        return new()
        {
            Pid = pid,
            State = fields[0][0],
            ParentPid = (int)Field(4),
            Group = (int)Field(5),
            Session = (int)Field(6),
            Terminal = (int)Field(7),
            ForegroundGroup = (int)Field(8),
            CpuTicks = Field(14) + Field(15),
            Priority = Field(18),
            Nice = Field(19),
            Threads = Field(20),
            StartTicks = Field(22),
            VirtualBytes = Field(23),
            ResidentBytes = Field(24) * Environment.SystemPageSize,
            Processor = Field(39),
            Name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..close],
            Arguments = Read(pid, "cmdline").TrimEnd('\0') is { Length: > 0 } line ? line.Split('\0') : [],
            UserId = Effective(status, "\nUid:"),
            GroupId = Effective(status, "\nGid:"),
        };
    }

    // Real, effective, saved, file system.
    private static uint Effective(string status, string key)
    {
        var start = status.IndexOf(key, StringComparison.Ordinal);
        var ids = start < 0 ? [] : status[(start + key.Length)..].Split('\n', 2)[0].Split('\t', StringSplitOptions.RemoveEmptyEntries);
        return ids.Length > 1 && uint.TryParse(ids[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    // A process that ends between open and read answers ESRCH.
    private static string Read(int pid, string file)
    {
        using var descriptor = FileDescriptor.TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"), OpenFlags.ReadOnly);
        var bytes = new byte[4096];
        var used = 0;
        for (var count = descriptor?.TryRead(bytes) ?? 0; count > 0; count = descriptor!.TryRead(bytes.AsSpan(used)))
        {
            used += count;
            if (used == bytes.Length)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, used);
    }
}

using System.Globalization;
using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;

namespace Sampan.Cli.Commands.Containers.Top;

/// <summary>What the columns of a process list need besides the process: clocks, names, memory. Read once for a list.</summary>
internal sealed class ProcessListing
{
    private const int TicksPerSecond = 100;

    private readonly Dictionary<uint, string> _groups = Names("/etc/group");
    private readonly long _memory = Host.HostFacts.Memory;
    private readonly double _uptime = Uptime();
    private readonly Dictionary<uint, string> _users = Names("/etc/passwd");

    /// <summary>The time "now" is for the list.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.Now;

    /// <summary>Name of a user of the host, or the number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The name.</returns>
    public string User(uint id) => _users.GetValueOrDefault(id) ?? id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Name of a group of the host, or the number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The name.</returns>
    public string Group(uint id) => _groups.GetValueOrDefault(id) ?? id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Seconds since a process started.</summary>
    /// <param name="process">The process.</param>
    /// <returns>Seconds, 0 at least.</returns>
    public long Elapsed(ProcessDetails process) => Math.Max(0, (long)(_uptime - ((double)process.StartTicks / TicksPerSecond)));

    /// <summary>Part of a CPU it has used in its life.</summary>
    /// <param name="process">The process.</param>
    /// <returns>Per cent.</returns>
    public double CpuShare(ProcessDetails process)
    {
        var elapsed = _uptime - ((double)process.StartTicks / TicksPerSecond);
        return elapsed < 0.01 ? 0 : 100.0 * process.CpuTicks / TicksPerSecond / elapsed;
    }

    /// <summary>Part of the host's memory it has.</summary>
    /// <param name="process">The process.</param>
    /// <returns>Per cent.</returns>
    public double MemoryShare(ProcessDetails process) => _memory == 0 ? 0 : 100.0 * process.ResidentBytes / _memory;

    /// <summary>When it started: the time for today, the day for this year, else the year; as ps -f.</summary>
    /// <param name="process">The process.</param>
    /// <returns>"15:04", "Jan02" or "2026".</returns>
    public string Start(ProcessDetails process)
    {
        var start = Now.AddSeconds(-Elapsed(process));
        return start.ToString(start.Date == Now.Date ? "HH:mm" : start.Year == Now.Year ? "MMMdd" : "yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>CPU time as [DD-]HH:MM:SS.</summary>
    /// <param name="process">The process.</param>
    /// <returns>The text.</returns>
    public static string CpuTime(ProcessDetails process) => Clock(process.CpuTicks / TicksPerSecond, hours: true);

    /// <summary>CPU time as M:SS, as ps u.</summary>
    /// <param name="process">The process.</param>
    /// <returns>The text.</returns>
    public static string ShortCpuTime(ProcessDetails process)
    {
        var seconds = process.CpuTicks / TicksPerSecond;
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
    }

    /// <summary>Seconds as [[DD-]HH:]MM:SS.</summary>
    /// <param name="seconds">The seconds.</param>
    /// <param name="hours">Hours are shown in any case.</param>
    /// <returns>The text.</returns>
    public static string Clock(long seconds, bool hours = false)
    {
        var days = seconds >= 86_400 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400}-") : "";
        return seconds >= 3600 || hours
            ? string.Create(CultureInfo.InvariantCulture, $"{days}{seconds / 3600 % 24:00}:{seconds / 60 % 60:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:00}:{seconds % 60:00}");
    }

    /// <summary>Its terminal: "pts/0", "tty1", "?".</summary>
    /// <param name="process">The process.</param>
    /// <returns>The name.</returns>
    public static string Terminal(ProcessDetails process)
    {
        // Encoded as dev_t: minor in bits 0-7 and 20-31, major in bits 8-19 (proc_pid_stat(5), tty_nr).
        var major = (process.Terminal >> 8) & 0xfff;
        var minor = (process.Terminal & 0xff) | ((process.Terminal >> 12) & 0xfff00);
        return major switch
        {
            >= 136 and <= 143 => string.Create(CultureInfo.InvariantCulture, $"pts/{((major - 136) << 8) + minor}"),
            4 when minor < 64 => string.Create(CultureInfo.InvariantCulture, $"tty{minor}"),
            4 => string.Create(CultureInfo.InvariantCulture, $"ttyS{minor - 64}"),
            _ => "?",
        };
    }

    /// <summary>The command line, or the name in brackets where there is none.</summary>
    /// <param name="process">The process.</param>
    /// <returns>The text; control characters are shown as "?".</returns>
    public static string CommandLine(ProcessDetails process)
    {
        var text = new StringBuilder(process.Arguments.Count == 0 ? $"[{process.Name}]" : string.Join(' ', process.Arguments));
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? '?' : text[i];
        }

        return process.State == 'Z' ? text.Append(" <defunct>").ToString() : text.ToString();
    }

    /// <summary>State with the letters BSD adds: "Ss+".</summary>
    /// <param name="process">The process.</param>
    /// <returns>The text.</returns>
    public static string State(ProcessDetails process)
    {
        var text = process.State.ToString();
        text += process.Nice < 0 ? "<" : process.Nice > 0 ? "N" : "";
        text += process.Session == process.Pid ? "s" : "";
        text += process.Threads > 1 ? "l" : "";
        return text + (process.ForegroundGroup == process.Group ? "+" : "");
    }

    private static Dictionary<uint, string> Names(string path)
    {
        var names = new Dictionary<uint, string>();
        foreach (var line in Encoding.UTF8.GetString(FileTree.TryRead(path) ?? []).Split('\n'))
        {
            var fields = line.Split(':');
            if (fields.Length > 2 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                names.TryAdd(id, fields[0]);
            }
        }

        return names;
    }

    private static double Uptime() =>
        double.TryParse(
            Encoding.UTF8.GetString(FileTree.TryRead("/proc/uptime") ?? []).Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 0;
}

namespace Sampan.EndToEnd.Harness;

/// <summary>The host's processes, read from /proc.</summary>
public static class Processes
{
    /// <summary>The processes whose command line contains a text.</summary>
    public static IEnumerable<int> Where(string text) =>
        Directory.GetDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name!))
            .Where(pid => CommandLine(pid).Contains(text, StringComparison.Ordinal));

    /// <summary>A process's arguments joined by spaces; empty when it is gone or a kernel thread.</summary>
    public static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline").Replace('\0', ' ');

    /// <summary>Whether a process exists and is not a zombie.</summary>
    public static bool IsAlive(int pid)
    {
        var status = Read($"/proc/{pid}/status");
        return status.Length > 0 && !status.Contains("\nState:\tZ", StringComparison.Ordinal);
    }

    /// <summary>Kills a process and waits until nothing of it is left: its first thread may be gone while another still has its sockets and locks open.</summary>
    public static void Kill(int pid)
    {
        _ = Native.kill(pid, Native.SIGKILL);
        ShouldEnd(pid);
    }

    /// <summary>Waits for the end of a process that has been killed.</summary>
    public static void ShouldEnd(int pid) => Patience.ShouldCome(() => !IsAlive(pid) && Threads(pid) <= 1, $"process {pid} ends");

    /// <summary>A field of /proc/PID/status, as "TracerPid"; empty when the process is gone.</summary>
    public static string Status(int pid, string field) =>
        Read($"/proc/{pid}/status").Split('\n').FirstOrDefault(line => line.StartsWith(field + ":", StringComparison.Ordinal))?[(field.Length + 1)..].Trim() ?? "";

    private static int Threads(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}

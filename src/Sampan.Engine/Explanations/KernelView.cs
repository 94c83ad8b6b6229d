using System.Globalization;
using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Explanations;

/// <summary>What /proc says of a container's first process, as text; and of the reader, to compare with.</summary>
public sealed record KernelView
{
    private static readonly string[] NamespaceFiles = ["mnt", "pid", "net", "ipc", "uts", "cgroup", "user", "time"];

    /// <summary>/proc/PID/status.</summary>
    public string Status { get; set; } = "";

    /// <summary>The same of the reader: what a container inherits.</summary>
    public string OwnStatus { get; set; } = "";

    /// <summary>/proc/PID/mountinfo.</summary>
    public string MountInfo { get; set; } = "";

    /// <summary>/proc/PID/limits.</summary>
    public string Limits { get; set; } = "";

    /// <summary>/proc/PID/uid_map.</summary>
    public string UidMap { get; set; } = "";

    /// <summary>/proc/PID/gid_map.</summary>
    public string GidMap { get; set; } = "";

    /// <summary>/proc/PID/oom_score_adj.</summary>
    public string OomScoreAdjustment { get; set; } = "";

    /// <summary>/proc/PID/attr/current; empty without a security module that labels.</summary>
    public string Label { get; set; } = "";

    /// <summary>Links of /proc/PID/ns by name.</summary>
    public IReadOnlyDictionary<string, string> Namespaces { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Those of the reader: the host's.</summary>
    public IReadOnlyDictionary<string, string> OwnNamespaces { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names of other containers by links of theirs.</summary>
    public IReadOnlyDictionary<string, string> Neighbours { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads a process.</summary>
    /// <param name="pid">Its pid.</param>
    /// <param name="others">Pids of other containers by name.</param>
    /// <returns>What was read; empty texts where it is gone.</returns>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    public static KernelView Read(int pid, IEnumerable<(string Name, int Pid)> others)
    {
        var neighbours = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, other) in others)
        {
            foreach (var link in Links(other.ToString(CultureInfo.InvariantCulture)).Values)
            {
                neighbours.TryAdd(link, name);
            }
        }

        var process = pid.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Status = Text(process, "status"),
            OwnStatus = Text("self", "status"),
            MountInfo = Text(process, "mountinfo"),
            Limits = Text(process, "limits"),
            UidMap = Text(process, "uid_map"),
            GidMap = Text(process, "gid_map"),
            OomScoreAdjustment = Text(process, "oom_score_adj").Trim(),
            Label = Text(process, "attr/current").Trim('\0', '\n'),
            Namespaces = Links(process),
            OwnNamespaces = Links("self"),
            Neighbours = neighbours,
        };
    }

    /// <summary>A line of a status file.</summary>
    /// <param name="status">The file.</param>
    /// <param name="field">Such as CapEff.</param>
    /// <returns>What stands behind the colon; empty without such a line.</returns>
    public static string Field(string status, string field)
    {
        foreach (var line in status.Split('\n'))
        {
            if (line.StartsWith(field, StringComparison.Ordinal) && line.Length > field.Length && line[field.Length] == ':')
            {
                return line[(field.Length + 1)..].Trim();
            }
        }

        return "";
    }

    private static string Text(string process, string file)
    {
        try
        {
            return FileTree.TryRead($"/proc/{process}/{file}") is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        }
        catch (LinuxException problem) when (problem.Errno is Errno.ESRCH or Errno.EINVAL or Errno.EACCES)
        {
            // It has ended; attr/current without a security module; or the host keeps this one from us.
            return "";
        }
    }

    private static Dictionary<string, string> Links(string process)
    {
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        using var directory = FileDescriptor.TryOpen($"/proc/{process}/ns", OpenFlags.Path | OpenFlags.Directory);
        if (directory is null)
        {
            return links;
        }

        foreach (var name in NamespaceFiles)
        {
            try
            {
                links[name] = directory.ReadLink(name).ToString();
            }
            catch (LinuxException problem) when (problem.Errno is Errno.ENOENT or Errno.EACCES or Errno.ESRCH)
            {
                // A kernel without this kind, or a host that shows it to nobody.
                continue;
            }
        }

        return links;
    }
}

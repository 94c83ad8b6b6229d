using System.Globalization;
using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Memory;
using Sampan.Linux.Processes;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>Contents of uid_map and gid_map (user_namespaces(7)).</summary>
/// <param name="Users">Lines of uid_map.</param>
/// <param name="Groups">Lines of gid_map.</param>
/// <param name="OomScoreAdj">Set by the parent too: a process that is not dumpable may not write it from inside the namespace (proc(5)).</param>
/// <param name="Limits">Set by the parent too: only a capability outside of the namespace lifts a hard limit (getrlimit(2)).</param>
internal sealed unsafe record IdMappings(string Users, string Groups, int? OomScoreAdj, IReadOnlyList<RuntimeRlimit> Limits)
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a user namespace without mappings.</exception>
    public static IdMappings From(RuntimeLinux linux, RuntimeProcess process) =>
        linux.UidMappings is { Count: > 0 } users && linux.GidMappings is { Count: > 0 } groups
            ? new(Lines(users), Lines(groups), process.OomScoreAdj, process.Rlimits ?? [])
            : throw SampanException.InvalidArgument("a new user namespace needs linux.uidMappings and linux.gidMappings");

    /// <summary>
    /// Writes them for a child that waits. Who may not map ids freely may map his own one, without further groups, and has newuidmap(1) and
    /// newgidmap(1) for those that /etc/subuid and /etc/subgid give him.
    /// </summary>
    /// <param name="pid">The child.</param>
    /// <exception cref="LinuxException">The kernel refuses a mapping (EPERM, EINVAL).</exception>
    /// <exception cref="SampanException">The program that maps refuses, or is not there.</exception>
    public void Write(int pid)
    {
        if (!CallerPrivileges.CanAdminister && Groups.AsSpan().Count('\n') == 1 && Groups.EndsWith(" 1\n", StringComparison.Ordinal))
        {
            // Else groups that deny something could be left (user_namespaces(7), "/proc/PID/setgroups").
            Write($"/proc/{pid}/setgroups", "deny");
        }

        Map(pid, "uid_map", Users, "newuidmap");
        Map(pid, "gid_map", Groups, "newgidmap");
        if (OomScoreAdj is { } score)
        {
            Write($"/proc/{pid}/oom_score_adj", score.ToString(CultureInfo.InvariantCulture));
        }

        var values = stackalloc ulong[2];
        foreach (var limit in Limits)
        {
            // One that is refused the child asks for again, and its answer names it.
            (values[0], values[1]) = (limit.Soft, limit.Hard);
            _ = Kernel.Call(SystemCall.Prlimit64, pid, RlimitNames.Number(limit.Type), (nint)values, 0);
        }
    }

    private static void Map(int pid, string file, string lines, string program)
    {
        try
        {
            Write($"/proc/{pid}/{file}", lines);
        }
        catch (LinuxException error) when (error.Errno == Errno.EPERM && !CallerPrivileges.CanAdminister)
        {
            MapBy(program, pid, lines, error);
        }
    }

    private static void MapBy(string program, int pid, string lines, LinuxException refusal)
    {
        var directory = Array.Find((Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':'), directory => File.Exists($"{directory}/{program}"))
            ?? throw new SampanException(
                ErrorKind.Unavailable, $"{refusal.Message}: these ids are not the caller's, and {program} is not there to map them: install the package uidmap", refusal);
        using var nothing = FileDescriptor.Open("/dev/null", OpenFlags.ReadWrite);
        using var output = MemoryFile.Create(program);
        using var process = ProgramLauncher.Launch(new()
        {
            Path = $"{directory}/{program}",
            Arguments = [program, pid.ToString(CultureInfo.InvariantCulture), .. lines.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)],
            Environment = [],
            Stdin = nothing,
            Stdout = output,
            Stderr = output,
        });
        if (ChildProcess.Wait(process.PidFd) != 0)
        {
            output.Seek(0, SeekOrigin.Begin);
            throw SampanException.InvalidArgument($"{program} refuses the mapping \"{lines.TrimEnd('\n').Replace("\n", ", ", StringComparison.Ordinal)}\": {Encoding.UTF8.GetString(output.ReadToEnd()).Trim()}");
        }
    }

    private static void Write(string path, string content)
    {
        using var file = FileDescriptor.Open(path, OpenFlags.WriteOnly);
        try
        {
            file.WriteAll(Encoding.ASCII.GetBytes(content));
        }
        catch (LinuxException error)
        {
            throw new LinuxException(error.Errno, $"write {content.TrimEnd('\n').Replace('\n', ',')} to", path);
        }
    }

    /// <summary>The kernel's format: first id inside, first id outside, how many.</summary>
    public static string Lines(IReadOnlyList<RuntimeIdMapping> mappings)
    {
        var text = new StringBuilder();
        foreach (var mapping in mappings)
        {
            text.Append(mapping.ContainerID).Append(' ').Append(mapping.HostID).Append(' ').Append(mapping.Size).Append('\n');
        }

        return text.ToString();
    }
}

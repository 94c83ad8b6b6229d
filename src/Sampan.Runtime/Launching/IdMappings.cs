using System.Globalization;
using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>Contents of uid_map and gid_map (user_namespaces(7)).</summary>
/// <param name="Users">Lines of uid_map.</param>
/// <param name="Groups">Lines of gid_map.</param>
/// <param name="OomScoreAdj">Set by the parent too: a process that is not dumpable may not write it from inside the namespace (proc(5)).</param>
internal sealed record IdMappings(string Users, string Groups, int? OomScoreAdj)
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a user namespace without mappings.</exception>
    public static IdMappings From(RuntimeLinux linux, int? oomScoreAdj) =>
        linux.UidMappings is { Count: > 0 } users && linux.GidMappings is { Count: > 0 } groups
            ? new(Lines(users), Lines(groups), oomScoreAdj)
            : throw SampanException.InvalidArgument("a new user namespace needs linux.uidMappings and linux.gidMappings");

    /// <summary>Writes them for a child that waits.</summary>
    /// <param name="pid">The child.</param>
    /// <exception cref="LinuxException">The kernel refuses a mapping (EPERM, EINVAL).</exception>
    public void Write(int pid)
    {
        Write($"/proc/{pid}/uid_map", Users);
        Write($"/proc/{pid}/gid_map", Groups);
        if (OomScoreAdj is { } score)
        {
            Write($"/proc/{pid}/oom_score_adj", score.ToString(CultureInfo.InvariantCulture));
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

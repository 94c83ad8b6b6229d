using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Resources;

/// <summary>Where a container goes in the resctrl file system: cache ways and memory bandwidth (config-linux.md, "IntelRdt"; kernel,
/// filesystems/resctrl.rst).</summary>
public sealed class ResctrlGroup
{
    /// <summary>Where resctrl is mounted.</summary>
    public const string Mountpoint = "/sys/fs/resctrl";

    private ResctrlGroup(string directory, bool makes, string schemata, string? monitoringDirectory)
    {
        (Directory, Makes, Schemata, MonitoringDirectory) = (directory, makes, schemata, monitoringDirectory);
    }

    /// <summary>The group's directory.</summary>
    public string Directory { get; }

    /// <summary>It is made when it is missing; else it must be there.</summary>
    public bool Makes { get; }

    /// <summary>What is written to its schemata file; empty leaves it.</summary>
    public string Schemata { get; }

    /// <summary>Directory of a monitoring group for the container alone; null for none.</summary>
    public string? MonitoringDirectory { get; }

    /// <summary>Reads the section.</summary>
    /// <param name="section">linux.intelRdt; null is no group.</param>
    /// <param name="id">The container's id, which names a group that has no name.</param>
    /// <param name="mountpoint">Where resctrl is mounted.</param>
    /// <returns>The group; null for none.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no such name; <see cref="ErrorKind.Unavailable"/>: resctrl is not mounted.</exception>
    public static ResctrlGroup? Of(RuntimeIntelRdt? section, string id, string mountpoint = Mountpoint)
    {
        if (section is null)
        {
            return null;
        }

        var name = string.IsNullOrEmpty(section.ClosID) ? id : section.ClosID;
        if (!IsName(name))
        {
            throw SampanException.InvalidArgument($"invalid intelRdt.closID \"{name}\"");
        }

        if (FileDescriptor.TryStatus($"{mountpoint}/schemata") is null)
        {
            throw SampanException.Unavailable(
                $"intelRdt is specified in config, but {mountpoint} is not there: this processor has no resource director technology, or resctrl is not mounted (mount -t resctrl resctrl {mountpoint})");
        }

        var schemata = new StringBuilder();
        Add(schemata, section.L3CacheSchema);
        Add(schemata, section.MemBwSchema);
        foreach (var line in section.Schemata ?? [])
        {
            Add(schemata, line);
        }

        var directory = name == "/" ? mountpoint : $"{mountpoint}/{name}";
        return new(
            directory,
            name != "/" && (schemata.Length > 0 || string.IsNullOrEmpty(section.ClosID)),
            schemata.ToString(),
            section.EnableMonitoring || section.EnableCMT || section.EnableMBM ? $"{directory}/mon_groups/{id}" : null);
    }

    /// <summary>Removes what was made for a container and belongs to nobody else: its monitoring group, and its group when that has its name.</summary>
    /// <param name="section">linux.intelRdt.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="mountpoint">Where resctrl is mounted.</param>
    /// <exception cref="LinuxException">A directory that is there cannot be removed.</exception>
    public static void Remove(RuntimeIntelRdt? section, string id, string mountpoint = Mountpoint)
    {
        if (section is null || FileDescriptor.TryStatus($"{mountpoint}/schemata") is null
            || !IsName(string.IsNullOrEmpty(section.ClosID) ? id : section.ClosID) || Of(section, id, mountpoint) is not { } group)
        {
            return;
        }

        if (group.MonitoringDirectory is { } monitoring)
        {
            RemoveDirectory(monitoring);
        }

        if (string.IsNullOrEmpty(section.ClosID))
        {
            RemoveDirectory(group.Directory);
        }
    }

    private static bool IsName(string name) =>
        name == "/" || (name is not ("." or ".." or "info" or "mon_data" or "mon_groups") && !name.Contains('/', StringComparison.Ordinal));

    private static void Add(StringBuilder schemata, string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            schemata.Append(line.TrimEnd('\n')).Append('\n');
        }
    }

    private static void RemoveDirectory(string path)
    {
        const int removeDirectory = 0x200;
        using var native = Kernel.Native(path);
        var result = Kernel.Call(SystemCall.UnlinkAt, FileDescriptor.WorkingDirectory, native, removeDirectory);
        if (result != -(int)Errno.ENOENT)
        {
            Kernel.Check(result, "remove", path);
        }
    }
}

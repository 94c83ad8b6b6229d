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

    /// <summary>Gives a running container another share; one that has no group yet gets one.</summary>
    /// <param name="section">linux.intelRdt, as it is.</param>
    /// <param name="schemas">What is asked for; empty leaves it.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="pids">Its processes, which enter a group that is new.</param>
    /// <param name="mountpoint">Where resctrl is mounted.</param>
    /// <returns>The section as it is from now on.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the processor or the kernel has no such thing.</exception>
    /// <exception cref="LinuxException">The kernel refuses a schema.</exception>
    public static RuntimeIntelRdt Update(RuntimeIntelRdt? section, RuntimeIntelRdt schemas, string id, IReadOnlyList<int> pids, string mountpoint = Mountpoint)
    {
        Require(schemas.L3CacheSchema, "L3", "Intel RDT/CAT: l3 cache schema is not enabled", mountpoint);
        Require(schemas.MemBwSchema, "MB", "Intel RDT/MBA: memory bandwidth schema is not enabled", mountpoint);
        var changed = (section ?? new()) with
        {
            L3CacheSchema = string.IsNullOrEmpty(schemas.L3CacheSchema) ? section?.L3CacheSchema : schemas.L3CacheSchema,
            MemBwSchema = string.IsNullOrEmpty(schemas.MemBwSchema) ? section?.MemBwSchema : schemas.MemBwSchema,
        };
        var group = Of(changed, id, mountpoint)!;
        if (section is null)
        {
            FileTree.MakeDirectories(group.Directory, 0x1ED);
            foreach (var pid in pids)
            {
                Write($"{group.Directory}/tasks", pid.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        Write($"{group.Directory}/schemata", group.Schemata);
        return changed;
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

    private static void Require(string? schema, string resource, string words, string mountpoint)
    {
        if (!string.IsNullOrEmpty(schema) && FileDescriptor.TryStatus($"{mountpoint}/info/{resource}") is null)
        {
            throw SampanException.Unavailable($"{words}: {mountpoint}/info/{resource} is not there: this processor does not have it, or resctrl is not mounted");
        }
    }

    private static void Write(string path, string text)
    {
        using var file = FileDescriptor.Open(path, OpenFlags.WriteOnly);
        file.WriteAll(Encoding.UTF8.GetBytes(text));
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

using Sampan.Json;

namespace Sampan.Runtime.Containers;

/// <summary>state.json: what later commands need of a container. Written whole or not at all.</summary>
public sealed record ContainerRecord
{
    /// <summary>ociVersion of its configuration.</summary>
    public string OciVersion { get; set; } = "";

    /// <summary>Its id.</summary>
    public string Id { get; set; } = "";

    /// <summary>Absolute path of its bundle.</summary>
    public string Bundle { get; set; } = "";

    /// <summary>Absolute path of its root filesystem.</summary>
    public string Rootfs { get; set; } = "";

    /// <summary>Its first process in the runtime's pid namespace; 0 before there is one.</summary>
    public int Pid { get; init; }

    /// <summary>When that process began, in clock ticks since boot: pids come back (proc_pid_stat(5)).</summary>
    public long PidStartTime { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Path of its group below the cgroup trees.</summary>
    public string CgroupPath { get; set; } = "";

    /// <summary>Path of the group its create was about to make; not its own yet, so it is only removed when nothing is in it.</summary>
    public string? CgroupIntent { get; init; }

    /// <summary>Groups that path is below, by the name of their tree; null is the trees' roots.</summary>
    public IReadOnlyDictionary<string, string>? CgroupBases { get; init; }

    /// <summary>The systemd scope whose group it is; null when the group is the runtime's own.</summary>
    public string? SystemdUnit { get; init; }

    /// <summary>The scope belongs to a user's service manager; null is no.</summary>
    public bool? SystemdOfUser { get; init; }

    /// <summary>The process that makes it; while that lives and there is no first process it is being created.</summary>
    public int CreatorPid { get; init; }

    /// <summary>When that began.</summary>
    public long CreatorStartTime { get; init; }

    /// <summary>What its first process's standard streams were called at its start: what a restore knows them by. Null with a terminal.</summary>
    public IReadOnlyList<string>? Descriptors { get; init; }

    /// <summary>Its annotations.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>JSON of <see cref="ContainerRecord"/>.</summary>
[JsonFormats(CamelCase = true, OmitNull = true)]
[JsonFormat(typeof(ContainerRecord))]
internal static partial class ContainerJson;

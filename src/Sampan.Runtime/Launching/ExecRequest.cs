using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>A further process in a running container.</summary>
public sealed record ExecRequest
{
    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>What to execute.</summary>
    public required RuntimeProcess Process { get; init; }

    /// <summary>The container's Linux section: its personality, memory policy and filter flags are every process's.</summary>
    public RuntimeLinux? Linux { get; init; }

    /// <summary>pidfd of the container's first process, whose namespaces are entered.</summary>
    public required FileDescriptor InitPidFd { get; init; }

    /// <summary>Namespaces to enter, as the container's specification lists them: those it made or joined.</summary>
    public required IReadOnlyList<RuntimeNamespace> Namespaces { get; init; }

    /// <summary>The container's cgroup; it must not be frozen (a process that joins a frozen v1 group hangs until it is thawed).</summary>
    public CgroupPlacement? Cgroup { get; init; }

    /// <summary>
    /// Takes the descriptor of a filter with SCMP_ACT_NOTIFY and the pid of the process it is on, before that executes (seccomp_unotify(2)).
    /// What it throws ends the start. The descriptor is closed when it returns.
    /// </summary>
    public Action<int, FileDescriptor>? SeccompListener { get; init; }

    /// <summary>Compiled seccomp filter; null for none.</summary>
    public byte[]? SeccompFilter { get; init; }

    /// <summary>Path of the program where it is not what the arguments begin with.</summary>
    public string? Executable { get; init; }

    /// <summary>Standard streams are the caller's own.</summary>
    public bool InheritStreams { get; init; }

    /// <summary>Which of them are the null device: they become the container's own.</summary>
    public IReadOnlyList<int> NullStreams { get; init; } = [];

    /// <summary>How many of the caller's descriptors from 3 on get through.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>The process dies with the one that starts it. During the start it does in any case.</summary>
    public bool DiesWithParent { get; init; } = true;

    /// <summary>The host's security modules, looked up when they matter; null looks at the host.</summary>
    internal Func<SecurityModules>? Security { get; init; }

    /// <summary>Standard input; null is the null device. Numbers above 2.</summary>
    public FileDescriptor? Stdin { get; init; }

    /// <summary>Standard output.</summary>
    public FileDescriptor? Stdout { get; init; }

    /// <summary>Standard error.</summary>
    public FileDescriptor? Stderr { get; init; }
}

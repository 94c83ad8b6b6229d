using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>Everything a start is compiled from: the specification, and what the caller has prepared.</summary>
public sealed record LaunchRequest
{
    /// <summary>The container's id, for messages and the session keyring.</summary>
    public required string Id { get; init; }

    /// <summary>config.json.</summary>
    public required RuntimeSpec Spec { get; init; }

    /// <summary>The root filesystem; <see cref="RuntimeSpec.Root"/> only says whether it is read-only.</summary>
    public required RootFilesystem Root { get; init; }

    /// <summary>Its cgroup, already made and limited; null leaves the child where the caller is.</summary>
    public CgroupPlacement? Cgroup { get; init; }

    /// <summary>
    /// Takes the descriptor of a filter with SCMP_ACT_NOTIFY and the pid of the process it is on, before that executes (seccomp_unotify(2)).
    /// What it throws ends the start. The descriptor is closed when it returns.
    /// </summary>
    public Action<int, FileDescriptor>? SeccompListener { get; init; }

    /// <summary>
    /// Connects the child's network namespace, which is new, while the child goes on: called with its pid and a pidfd of it. The child waits
    /// for that before it sets kernel parameters. What it throws ends the start.
    /// </summary>
    public Action<int, FileDescriptor>? Connect { get; init; }

    /// <summary>Compiled seccomp filter, an array of struct sock_filter (seccomp(2)); null for none.</summary>
    public byte[]? SeccompFilter { get; init; }

    /// <summary>A built-in PID 1 reaps orphans and forwards signals (--init).</summary>
    public bool Init { get; init; }

    /// <summary>
    /// Where the child waits before it executes, a FIFO open for reading and writing: it goes on when somebody writes a byte into it, which
    /// may be long after this process has ended. Null: it executes at once.
    /// </summary>
    public FileDescriptor? Gate { get; init; }

    /// <summary>How closely the caller follows the child.</summary>
    public LaunchObservation Observation { get; init; }

    /// <summary>The process dies with the one that starts it. During the start it does in any case.</summary>
    public bool DiesWithParent { get; init; } = true;

    /// <summary>It gets a session keyring of its own (keyrings(7)).</summary>
    public bool NewKeyring { get; init; } = true;

    /// <summary>The root is replaced by pivot_root(2); else it is moved over / and entered by chroot(2), for hosts whose root is the initial ramfs.</summary>
    public bool Pivot { get; init; } = true;

    /// <summary>Standard streams are the caller's own; <see cref="Stdin"/> and the others are not used.</summary>
    public bool InheritStreams { get; init; }

    /// <summary>Which of them are the null device: they become the container's own.</summary>
    public IReadOnlyList<int> NullStreams { get; init; } = [];

    /// <summary>How many of the caller's descriptors from 3 on get through to the command.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>The caller may not mount: what needs that is done inside the container's user namespace (rootless).</summary>
    internal bool Unprivileged { get; init; } = !CallerPrivileges.CanAdminister;

    /// <summary>Where resctrl is mounted.</summary>
    internal string ResctrlMountpoint { get; init; } = Resources.ResctrlGroup.Mountpoint;

    /// <summary>The host's security modules, looked up when they matter; null looks at the host.</summary>
    internal Func<SecurityModules>? Security { get; init; }

    /// <summary>Standard input; null, or with a terminal, is not used. Numbers above 2.</summary>
    public FileDescriptor? Stdin { get; init; }

    /// <summary>Standard output.</summary>
    public FileDescriptor? Stdout { get; init; }

    /// <summary>Standard error.</summary>
    public FileDescriptor? Stderr { get; init; }
}

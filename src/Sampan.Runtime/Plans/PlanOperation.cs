namespace Sampan.Runtime.Plans;

/// <summary>What a step does. Everything but <see cref="SystemCall"/> is a macro-step: it needs a loop or a decision of its own.</summary>
internal enum PlanOperation
{
    /// <summary>One system call: number in <see cref="PlanStep.Number"/>, six arguments.</summary>
    SystemCall,

    /// <summary>A0 root descriptor, A1 path, A2 descriptor of what will be mounted or -1, A3 more open flags for the last component. Makes missing parents and the last component
    /// (a directory, or a file when A2 is not a directory) beneath the root. Result: an O_PATH descriptor of the place.</summary>
    MakeMountpoint,

    /// <summary>A0 root descriptor, A1 path, A2 descriptor of a null device, A3 descriptor of an empty read-only directory. Covers the
    /// path with a clone of one or the other, whichever fits. A missing path is already hidden.</summary>
    MaskPath,

    /// <summary>A0 unix socket, A1 descriptor to pass with SCM_RIGHTS (unix(7)).</summary>
    SendDescriptor,

    /// <summary>A0 descriptor. Reads one byte; end of file means the other side died and is EPIPE.</summary>
    AwaitByte,

    /// <summary>Sets every signal's disposition to the default: CLONE_CLEAR_SIGHAND leaves ignored ones ignored (clone(2)).</summary>
    ResetSignals,

    /// <summary>A0 bit mask of capabilities to keep. Drops all others from the bounding set (capabilities(7)).</summary>
    LimitBoundingSet,

    /// <summary>A0 bit mask of capabilities to raise in the ambient set, cleared first.</summary>
    SetAmbientSet,

    /// <summary>A0 NULL-terminated array of candidate paths. Result: 0 when one of them is a file its user may execute; the next steps
    /// fail as <see cref="Execute"/> would otherwise.</summary>
    FindCommand,

    /// <summary>A0 NULL-terminated array of candidate paths, A1 argv, A2 envp, A3 working directory descriptor for diagnosis.</summary>
    Execute,

    /// <summary>A0, A1 numbers of the registers that receive the two ends of a close-on-exec unix socket pair, A2 not 0 for one that keeps
    /// messages apart (SOCK_SEQPACKET).</summary>
    MakeSocketPair,

    /// <summary>The last step of the host side. The launcher makes it itself, inside a no-GC region.</summary>
    Clone,

    /// <summary>Forks: the new process goes on with the plan; this one reaps, forwards signals and exits as it did.</summary>
    BecomeInit,

    /// <summary>A0 uid_map's content, A1 its length, A2 gid_map's, A3 its length. Result: a descriptor of a user namespace with these
    /// mappings, which lives as long as something refers to it.</summary>
    MakeUserNamespace,

    /// <summary>A0 descriptor of a detached mount, A1 descriptor of a user namespace, A2 AT_ flags. Maps the ids of the mount's files.</summary>
    MapMountIds,

    /// <summary>A0 root descriptor, A1 path, A2 descriptor of a mount. The mount's root gets the mode of the directory at the path, if there is one.</summary>
    CopyMode,

    /// <summary>A0 root descriptor, A1 path, A2 descriptor of a mount. Copies what is below the path, if there is anything, into the mount.</summary>
    CopyTree,

    /// <summary>A0 descriptor. Result: the number its mount has in mountinfo. EINVAL: it is not on the root of a mount.</summary>
    FindMount,

    /// <summary>A0 descriptor, A1 number of a mount. ESTALE: it is not on the root of that mount.</summary>
    RequireMount,

    /// <summary>A0 descriptor of a directory of the child's own descriptors (proc_pid_fd(5)), A1 descriptor on the root of a mount, which is
    /// taken off its tree whatever path leads to it now.</summary>
    TakeOff,

    /// <summary>A0 root descriptor, A1 path. Result: how many of its last components are missing beneath the root. EEXIST: none.</summary>
    CountMissing,

    /// <summary>A0 root descriptor, A1 path, A2 how many of its last components are removed: empty directories, and a file in the first place.</summary>
    RemovePlace,

    /// <summary>A0 directory, A1 name, A2 file type, A3 device number. Removes the node if it is that device. ENOENT: it is not.</summary>
    RemoveNode,
}

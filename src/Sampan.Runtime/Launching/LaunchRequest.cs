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

    /// <summary>Compiled seccomp filter, an array of struct sock_filter (seccomp(2)); null for none.</summary>
    public byte[]? SeccompFilter { get; init; }

    /// <summary>A built-in PID 1 reaps orphans and forwards signals (--init).</summary>
    public bool Init { get; init; }

    /// <summary>Standard input; null, or with a terminal, is not used. Numbers above 2.</summary>
    public FileDescriptor? Stdin { get; init; }

    /// <summary>Standard output.</summary>
    public FileDescriptor? Stdout { get; init; }

    /// <summary>Standard error.</summary>
    public FileDescriptor? Stderr { get; init; }
}

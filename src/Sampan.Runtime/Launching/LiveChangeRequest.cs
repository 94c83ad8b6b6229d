using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>What a running container is to get and to lose.</summary>
public sealed record LiveChangeRequest
{
    /// <summary>The container's id, for messages.</summary>
    public required string Id { get; init; }

    /// <summary>Its specification, with no other mounts and devices than those it is to get.</summary>
    public required RuntimeSpec Spec { get; init; }

    /// <summary>pidfd of its first process.</summary>
    public required FileDescriptor InitPidFd { get; init; }

    /// <summary>Paths in the container, normalized, of mounts it is to lose; those that lie deeper first.</summary>
    public IReadOnlyList<string> RemovedMounts { get; init; } = [];

    /// <summary>Devices it is to lose.</summary>
    public IReadOnlyList<RuntimeDevice> RemovedDevices { get; init; } = [];

    /// <summary>A file whose first byte becomes "+" when all is done and stays: the last act of the process that does it, whether its caller lives or not.</summary>
    public required FileDescriptor Mark { get; init; }

    /// <summary>Mounts are taken away from under those who use them (umount2(2), MNT_DETACH).</summary>
    public bool Lazily { get; init; }
}

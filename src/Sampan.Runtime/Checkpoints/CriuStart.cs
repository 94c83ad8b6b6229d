using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Checkpoints;

/// <summary>How criu is started.</summary>
internal sealed record CriuStart
{
    /// <summary>The socket's number.</summary>
    public const int Socket = 3;

    /// <summary>The lowest number after the socket's.</summary>
    public const int FirstDescriptor = Socket + 1;

    /// <summary>Path of the program, or a name to be looked for in PATH.</summary>
    public required string Program { get; init; }

    /// <summary>Absolute paths of the directories it works in: they are its descriptors from <see cref="FirstDescriptor"/> on.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>Descriptors it gets after them.</summary>
    public IReadOnlyList<FileDescriptor> Descriptors { get; init; } = [];

    /// <summary>The group it is in, and with it what it restores; null leaves it in the caller's.</summary>
    public CgroupPlacement? Cgroup { get; init; }

    /// <summary>Root filesystem to be restored into, which criu wants to be a mount; null gives it no mounts of its own.</summary>
    public string? Root { get; init; }

    /// <summary>The root filesystem is read-only.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>The container's mounts: their places are made where the root lacks them.</summary>
    public IReadOnlyList<RuntimeMount> Mounts { get; init; } = [];

    /// <summary>False: the caller's root may be the initial ramfs, which pivot_root(2) cannot leave.</summary>
    public bool Pivot { get; init; } = true;
}

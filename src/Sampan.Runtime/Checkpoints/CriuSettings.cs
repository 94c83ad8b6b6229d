namespace Sampan.Runtime.Checkpoints;

/// <summary>What is said of criu for a checkpoint and for a restore alike.</summary>
public sealed record CriuSettings
{
    /// <summary>Path of criu, or a name to be looked for in PATH.</summary>
    public required string Program { get; init; }

    /// <summary>Absolute path of the images' directory.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Absolute path of the directory for the log and what else criu leaves; null is the images' own.</summary>
    public string? WorkPath { get; init; }

    /// <summary>Open TCP connections are kept.</summary>
    public bool TcpEstablished { get; init; }

    /// <summary>Unix sockets with a peer outside are kept.</summary>
    public bool ExternalUnixSockets { get; init; }

    /// <summary>A controlling terminal from outside is the one of whoever restores.</summary>
    public bool ShellJob { get; init; }

    /// <summary>File locks are kept.</summary>
    public bool FileLocks { get; init; }

    /// <summary>Pages that a later image has too are punched out of the former.</summary>
    public bool AutoDedup { get; init; }

    /// <summary>Pages are fetched when they are used (userfaultfd(2)).</summary>
    public bool LazyPages { get; init; }

    /// <summary>What criu does about control groups; null is its default, soft.</summary>
    public CriuCgroupMode? CgroupMode { get; init; }
}

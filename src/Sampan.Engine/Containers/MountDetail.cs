namespace Sampan.Engine.Containers;

/// <summary>What a mount needs beyond what docker's MountPoint shows.</summary>
public sealed record MountDetail
{
    /// <summary>Without what is mounted below the source.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Read-only, but not what is mounted below it.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>A file system of its own instead of a bind mount: a volume's type option.</summary>
    public string FileSystem { get; set; } = "";

    /// <summary>What that file system is on.</summary>
    public string Device { get; set; } = "";

    /// <summary>Its mount options.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Path below the source that is mounted; resolved at each start, beneath it.</summary>
    public string Subpath { get; set; } = "";

    /// <summary>Ids are mapped: match-user, or uids=…;gids=….</summary>
    public string IdMap { get; set; } = "";

    /// <summary>Nothing but what a plain bind mount has.</summary>
    public bool IsPlain => this == new MountDetail();
}

using Sampan.Engine.Containers;

namespace Sampan.Engine.Specs;

/// <summary>Everything a specification is made from.</summary>
public sealed record RuntimeSpecRequest
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    /// <summary>The container's id.</summary>
    public required string Id { get; init; }

    /// <summary>What runs, the image's and the user's words merged.</summary>
    public required ContainerConfig Config { get; init; }

    /// <summary>What the host gives.</summary>
    public required HostConfig HostConfig { get; init; }

    /// <summary>Who the process is, from <see cref="UserDatabase"/>.</summary>
    public required UserIdentity User { get; init; }

    /// <summary>The host.</summary>
    public required HostFacts Host { get; init; }

    /// <summary>Path of the root filesystem, for the document's reader; the launch plan mounts it itself.</summary>
    public string RootPath { get; set; } = "rootfs";

    /// <summary>Bind mounts and volumes.</summary>
    public IReadOnlyList<MountPoint> Mounts { get; set; } = [];

    /// <summary>Directory with the container's hosts, hostname and resolv.conf; null leaves the image's own.</summary>
    public string? NameFiles { get; init; }

    /// <summary>Namespaces of running containers to join, path by type ("pid", "ipc", "network", "user").</summary>
    public IReadOnlyDictionary<string, string> JoinedNamespaces { get; set; } = Nothing;

    /// <summary>What mounts need beyond <see cref="Mounts"/>, by destination.</summary>
    public IReadOnlyDictionary<string, MountDetail>? MountDetails { get; init; }

    /// <summary>Where a mount's source has been opened, by destination: a path that leads to it whatever its names mean by then.</summary>
    public IReadOnlyDictionary<string, string> OpenedSources { get; set; } = Nothing;
}

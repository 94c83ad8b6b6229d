using Sampan.Engine.Networks;

namespace Sampan.Engine.Containers;

/// <summary>The lasting record of a container (container.json): everything decided when it was made. What changes is in state.json.</summary>
public sealed record ContainerRecord
{
    /// <summary>64 hex digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>Name, without docker's leading slash.</summary>
    public string Name { get; set; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The program to execute.</summary>
    public string Path { get; set; } = "";

    /// <summary>Its arguments after the program's name.</summary>
    public IReadOnlyList<string> Args { get; set; } = [];

    /// <summary>sha256:… of the image; empty with --rootfs.</summary>
    public string ImageId { get; set; } = "";

    /// <summary>The image's layers, bottom first, as names of directories below <see cref="EnginePaths.Layers"/>. A start needs nothing else of the image.</summary>
    public IReadOnlyList<string> Layers { get; set; } = [];

    /// <summary>What runs.</summary>
    public ContainerConfig Config { get; set; } = new();

    /// <summary>What the host gives.</summary>
    public HostConfig HostConfig { get; set; } = new();

    /// <summary>Bind mounts and volumes, in the order in which they are mounted.</summary>
    public IReadOnlyList<MountPoint> Mounts { get; set; } = [];

    /// <summary>What mounts need beyond that, by destination; absent where none needs anything.</summary>
    public IReadOnlyDictionary<string, MountDetail>? MountDetails { get; init; }

    /// <summary>The networks it is on; absent for none, the host's and another container's, empty where it was taken off all of them.</summary>
    public IReadOnlyList<EndpointSettings>? Endpoints { get; init; }

    /// <summary>Containers of the default bridge that it knows by names of its own; absent is none.</summary>
    public IReadOnlyList<ContainerLink>? Links { get; init; }

    /// <summary>Volumes made for this container alone: removed with it by --rm and rm -v.</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; set; } = [];
}

namespace Sampan.Engine.Explanations;

/// <summary>What a container is made of, from the kernel's own view. Fields are added to it and none is taken away: scripts read it.</summary>
public sealed record ContainerExplanation
{
    /// <summary>64 hex digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>running, paused, exited …</summary>
    public string Status { get; set; } = "";

    /// <summary>Its first process as the host counts; 0 when it does not run: then nothing of it is in the kernel and all lists are empty.</summary>
    public int Pid { get; init; }

    /// <summary>Command, user, ids, processes.</summary>
    public IReadOnlyList<Fact> Process { get; set; } = [];

    /// <summary>Namespaces.</summary>
    public IReadOnlyList<Fact> Namespaces { get; set; } = [];

    /// <summary>Mounts by their paths in the container.</summary>
    public IReadOnlyList<Fact> Mounts { get; set; } = [];

    /// <summary>Paths of the kernel's file systems that cannot be read or written.</summary>
    public IReadOnlyList<Fact> Paths { get; set; } = [];

    /// <summary>Control files that limit it.</summary>
    public IReadOnlyList<Fact> Cgroup { get; set; } = [];

    /// <summary>Devices it may use.</summary>
    public IReadOnlyList<Fact> Devices { get; set; } = [];

    /// <summary>The five sets of its first process.</summary>
    public IReadOnlyList<Fact> Capabilities { get; set; } = [];

    /// <summary>Filters, labels, no_new_privs.</summary>
    public IReadOnlyList<Fact> Security { get; set; } = [];

    /// <summary>Resource limits of its first process.</summary>
    public IReadOnlyList<Fact> Limits { get; set; } = [];

    /// <summary>Kernel parameters of its namespaces.</summary>
    public IReadOnlyList<Fact> Sysctls { get; set; } = [];
}

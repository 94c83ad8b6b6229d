namespace Sampan.Engine.Containers;

/// <summary>What an image says of the containers made of it.</summary>
internal sealed record ImageDefaults
{
    /// <summary>Nothing: a container of a bare directory (--rootfs).</summary>
    public static ImageDefaults None { get; } = new();

    public string Id { get; set; } = "";

    /// <summary>Absolute directories, bottom first.</summary>
    public IReadOnlyList<string> LayerDirectories { get; set; } = [];

    public string User { get; set; } = "";

    public IReadOnlyList<string> Env { get; set; } = [];

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public string WorkingDir { get; set; } = "";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? StopSignal { get; init; }

    public HealthCheck? Healthcheck { get; init; }

    /// <summary>Ports something listens on.</summary>
    public IReadOnlyList<string> ExposedPorts { get; set; } = [];

    /// <summary>Paths that are volumes.</summary>
    public IReadOnlyList<string> Volumes { get; set; } = [];
}

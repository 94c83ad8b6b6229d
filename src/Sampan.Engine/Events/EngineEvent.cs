namespace Sampan.Engine.Events;

/// <summary>Something that happened to an object: docker's event (Engine API, "Monitor events").</summary>
public sealed record EngineEvent
{
    /// <summary>container, image or volume.</summary>
    public string Type { get; set; } = "";

    /// <summary>create, start, die …; "exec_create: COMMAND" and "health_status: WORD" have more after a colon.</summary>
    public string Action { get; set; } = "";

    /// <summary>Id of the container or image, name of the volume.</summary>
    public string Id { get; set; } = "";

    /// <summary>What else is said: a container's labels, image and name, an exit code.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The line as docker writes it with --format json.</summary>
    public string Json { get; init; } = "";
}

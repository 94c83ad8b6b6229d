namespace Sampan.Oci.Events;

/// <summary>One line of a runtime's <c>events</c>: what runc prints and engines parse.</summary>
public sealed record ContainerEvent
{
    /// <summary>"stats" or "oom".</summary>
    public string Type { get; set; } = "";

    /// <summary>The container.</summary>
    public string Id { get; set; } = "";

    /// <summary>Counters; null for other types.</summary>
    public ContainerStatistics? Data { get; init; }
}

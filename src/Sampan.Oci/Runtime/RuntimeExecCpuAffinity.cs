namespace Sampan.Oci.Runtime;

/// <summary>CPU lists for an exec.</summary>
public sealed record RuntimeExecCpuAffinity
{
    /// <summary>While the runtime moves it into the cgroup.</summary>
    public string? Initial { get; init; }

    /// <summary>From then on.</summary>
    public string? Final { get; init; }
}

namespace Sampan.Oci.Runtime;

/// <summary>A namespace to create, or to join when a path is given.</summary>
public sealed record RuntimeNamespace
{
    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    public string Type { get; set; } = "";

    /// <summary>Namespace file to join.</summary>
    public string? Path { get; init; }
}

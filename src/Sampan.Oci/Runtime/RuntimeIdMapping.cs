namespace Sampan.Oci.Runtime;

/// <summary>One line of a uid_map or gid_map (user_namespaces(7)).</summary>
public sealed record RuntimeIdMapping
{
    /// <summary>First id inside.</summary>
    public uint ContainerID { get; init; }

    /// <summary>First id outside.</summary>
    public uint HostID { get; init; }

    /// <summary>How many.</summary>
    public uint Size { get; init; }
}

namespace Sampan.Oci.Runtime;

/// <summary>Identity of the process (config.md, "User").</summary>
public sealed record RuntimeUser
{
    /// <summary>User id inside the container.</summary>
    public uint Uid { get; init; }

    /// <summary>Group id inside the container.</summary>
    public uint Gid { get; init; }

    /// <summary>umask(2).</summary>
    public uint? Umask { get; init; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<uint>? AdditionalGids { get; init; }

    /// <summary>Windows only; never read.</summary>
    public string? Username { get; init; }
}

namespace Sampan.Oci.Runtime;

/// <summary>A device node (mknod(2)).</summary>
public sealed record RuntimeDevice
{
    /// <summary>Absolute path in the container.</summary>
    public string Path { get; set; } = "";

    /// <summary>c, b, u or p.</summary>
    public string Type { get; set; } = "";

    /// <summary>Major number.</summary>
    public long Major { get; init; }

    /// <summary>Minor number.</summary>
    public long Minor { get; init; }

    /// <summary>Permission bits.</summary>
    public uint? FileMode { get; init; }

    /// <summary>Owner.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group.</summary>
    public uint? Gid { get; init; }
}

namespace Sampan.Oci.Runtime;

/// <summary>The root filesystem (config.md, "Root").</summary>
public sealed record RuntimeRoot
{
    /// <summary>Absolute, or relative to the bundle.</summary>
    public string Path { get; set; } = "";

    /// <summary>Mounted read-only.</summary>
    public bool Readonly { get; init; }
}

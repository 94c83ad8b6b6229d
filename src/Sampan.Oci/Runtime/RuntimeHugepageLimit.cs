namespace Sampan.Oci.Runtime;

/// <summary>Huge page limit.</summary>
public sealed record RuntimeHugepageLimit
{
    /// <summary>2MB, 1GB.</summary>
    public string PageSize { get; set; } = "";

    /// <summary>Bytes.</summary>
    public ulong Limit { get; init; }
}

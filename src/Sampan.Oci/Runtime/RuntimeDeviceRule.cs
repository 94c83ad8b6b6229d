namespace Sampan.Oci.Runtime;

/// <summary>One device rule.</summary>
public sealed record RuntimeDeviceRule
{
    /// <summary>Allow or deny.</summary>
    public bool Allow { get; init; }

    /// <summary>a, c or b.</summary>
    public string? Type { get; init; }

    /// <summary>Major number; any when absent.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; any when absent.</summary>
    public long? Minor { get; init; }

    /// <summary>Letters of rwm.</summary>
    public string? Access { get; init; }
}

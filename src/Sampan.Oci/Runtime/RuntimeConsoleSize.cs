namespace Sampan.Oci.Runtime;

/// <summary>Size of a terminal in character cells.</summary>
public sealed record RuntimeConsoleSize
{
    /// <summary>Rows.</summary>
    public uint Height { get; init; }

    /// <summary>Columns.</summary>
    public uint Width { get; init; }
}

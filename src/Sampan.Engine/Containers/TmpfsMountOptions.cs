namespace Sampan.Engine.Containers;

/// <summary>Options of a tmpfs (docker's TmpfsOptions).</summary>
public sealed record TmpfsMountOptions
{
    /// <summary>Most bytes; 0 is the kernel's default, half of the memory.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Permission bits of its root; 0 is 01777.</summary>
    public int Mode { get; init; }
}

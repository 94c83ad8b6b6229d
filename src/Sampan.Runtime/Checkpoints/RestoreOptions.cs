namespace Sampan.Runtime.Checkpoints;

/// <summary>How a container is restored.</summary>
/// <param name="Criu">What is said of criu.</param>
public sealed record RestoreOptions(CriuSettings Criu)
{
    /// <summary>Another profile of the security module than the dumped one, TYPE:NAME; null for none.</summary>
    public string? LsmProfile { get; init; }

    /// <summary>Another security context of its mounts; null for none.</summary>
    public string? LsmMountContext { get; init; }
}

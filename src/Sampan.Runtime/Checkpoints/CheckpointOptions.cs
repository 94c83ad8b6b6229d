namespace Sampan.Runtime.Checkpoints;

/// <summary>How a container is checkpointed.</summary>
/// <param name="Criu">What is said of criu.</param>
public sealed record CheckpointOptions(CriuSettings Criu)
{
    /// <summary>Images of a former checkpoint, relative to the images' directory; null for none.</summary>
    public string? ParentPath { get; init; }

    /// <summary>The container goes on.</summary>
    public bool LeaveRunning { get; init; }

    /// <summary>Memory only, and the container goes on: what a later checkpoint need not write again.</summary>
    public bool PreDump { get; init; }

    /// <summary>Descriptor of the caller that receives a NUL when lazy pages can be fetched; null for none.</summary>
    public int? StatusDescriptor { get; init; }

    /// <summary>Where pages go to; with lazy pages, where they can be fetched.</summary>
    public (string Address, int Port)? PageServer { get; init; }
}

namespace Sampan.Engine.Containers;

/// <summary>Options of a bind mount (docker's BindOptions).</summary>
public sealed record BindOptions
{
    /// <summary>private, rprivate, shared, rshared, slave or rslave; empty when not said.</summary>
    public string Propagation { get; set; } = "";

    /// <summary>Without what is mounted below the source.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Make the source a directory where it is not there.</summary>
    public bool CreateMountpoint { get; init; }

    /// <summary>Read-only, but not what is mounted below it.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>Read-only with all that is mounted below it, or an error.</summary>
    public bool ReadOnlyForceRecursive { get; init; }
}

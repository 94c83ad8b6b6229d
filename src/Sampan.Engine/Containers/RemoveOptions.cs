namespace Sampan.Engine.Containers;

/// <summary>How a container is removed.</summary>
public sealed record RemoveOptions
{
    /// <summary>Kill it first when it runs.</summary>
    public bool Force { get; init; }

    /// <summary>Remove its anonymous volumes too.</summary>
    public bool Volumes { get; init; }
}

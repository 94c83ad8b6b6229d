namespace Sampan.Runtime.Containers;

/// <summary>Where a container is in its life (runtime.md, "State").</summary>
public enum ContainerStatus
{
    /// <summary>A create is at work.</summary>
    Creating,

    /// <summary>Its environment is there, its command has not been started.</summary>
    Created,

    /// <summary>Its command runs.</summary>
    Running,

    /// <summary>Its processes are frozen.</summary>
    Paused,

    /// <summary>Its first process is gone, or never came to be.</summary>
    Stopped,
}

/// <summary>The words of the specification.</summary>
public static class ContainerStatusText
{
    /// <summary>The status in lower case, as documents have it.</summary>
    /// <param name="status">The status.</param>
    /// <returns>creating, created, running, paused or stopped.</returns>
    public static string Text(this ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };
}

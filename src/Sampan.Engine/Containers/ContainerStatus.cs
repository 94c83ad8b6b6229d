namespace Sampan.Engine.Containers;

/// <summary>Where a container is in its life. The names in lower case are docker's.</summary>
public enum ContainerStatus
{
    /// <summary>Made and never started, or its start failed.</summary>
    Created,

    /// <summary>Its monitor lives.</summary>
    Running,

    /// <summary>It runs and stands still.</summary>
    Paused,

    /// <summary>It ended, and its monitor is about to start it again.</summary>
    Restarting,

    /// <summary>It ran and ended.</summary>
    Exited,

    /// <summary>Half removed.</summary>
    Dead,
}

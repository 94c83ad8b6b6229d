namespace Sampan.Runtime.Launching;

/// <summary>Where an observed child stops until its parent lets it go on (runtime.md, "Lifecycle").</summary>
public enum LaunchPoint
{
    /// <summary>It is in its namespaces and its root is mounted; the host's file systems are still in sight. createRuntime and createContainer hooks run now.</summary>
    NamespacesMade,

    /// <summary>Everything is done but the execution: the command exists and may be executed by its user.</summary>
    Ready,
}

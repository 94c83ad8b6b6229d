namespace Sampan.Cli.Commands;

/// <summary>What a command's arguments name, for shell completion.</summary>
internal enum ArgumentKind
{
    /// <summary>Nothing that can be completed.</summary>
    None,

    /// <summary>Containers, stopped ones too.</summary>
    Containers,

    /// <summary>Containers that run.</summary>
    RunningContainers,

    /// <summary>Images.</summary>
    Images,

    /// <summary>Networks.</summary>
    Networks,

    /// <summary>A network, then a container.</summary>
    NetworkAndContainer,

    /// <summary>Volumes.</summary>
    Volumes,

    /// <summary>Files.</summary>
    Files,
}

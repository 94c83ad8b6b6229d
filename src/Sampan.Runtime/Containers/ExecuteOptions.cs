using Sampan.Linux.Files;

namespace Sampan.Runtime.Containers;

/// <summary>How a further process is started.</summary>
public sealed record ExecuteOptions
{
    /// <summary>Path of the program where it is not what its arguments begin with; null takes that.</summary>
    public string? Executable { get; init; }

    /// <summary>Also into a paused container, where the process waits until it is resumed.</summary>
    public bool IgnorePaused { get; init; }

    /// <summary>Standard streams are the caller's own.</summary>
    public bool InheritStreams { get; init; }

    /// <summary>Standard input; null is the null device. Numbers above 2.</summary>
    public FileDescriptor? Stdin { get; init; }

    /// <summary>Standard output.</summary>
    public FileDescriptor? Stdout { get; init; }

    /// <summary>Standard error.</summary>
    public FileDescriptor? Stderr { get; init; }

    /// <summary>How many of the caller's descriptors from 3 on get through.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>Groups inside the container's it goes to, by controller; "" is every tree. Null is the container's own group.</summary>
    public IReadOnlyDictionary<string, string>? SubGroups { get; init; }

    /// <summary>Takes what the process asks for and does not get, without that being an error.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Takes every step of the launch with the time it took, a line each (--debug).</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>It ends when the caller ends.</summary>
    public bool DiesWithParent { get; init; } = true;
}

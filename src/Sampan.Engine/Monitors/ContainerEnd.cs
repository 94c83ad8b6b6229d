using Sampan.Engine.Containers;

namespace Sampan.Engine.Monitors;

/// <summary>How a life of a container ended.</summary>
/// <param name="ExitCode">Its exit code; <see cref="ContainerState.UnknownExit"/> where nobody knows.</param>
/// <param name="OutOfMemory">The kernel killed any of it for want of memory.</param>
/// <param name="At">When.</param>
internal readonly record struct ContainerEnd(int ExitCode, bool OutOfMemory, DateTimeOffset At)
{
    private const string Unknown = "exit code unknown: the monitor that was its parent had died, and this kernel tells it to nobody else (Linux 6.15 does)";
    private readonly string? _error;

    /// <summary>What is to be said of it; empty when all is known.</summary>
    public string Error
    {
        get => _error ?? "";
        init => _error = value;
    }

    /// <summary>One whose exit code the kernel did not tell.</summary>
    /// <param name="outOfMemory">The kernel killed any of it for want of memory.</param>
    /// <param name="error">Why; null for the usual reason.</param>
    public static ContainerEnd WithoutCode(bool outOfMemory, string? error = null) =>
        new(ContainerState.UnknownExit, outOfMemory, DateTimeOffset.UtcNow) { Error = error ?? Unknown };
}

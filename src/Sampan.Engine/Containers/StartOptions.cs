namespace Sampan.Engine.Containers;

/// <summary>How a start is watched by its caller.</summary>
public sealed record StartOptions
{
    /// <summary>The caller's input goes to the container.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>The caller gets the container's standard output (all output with a terminal).</summary>
    public bool AttachStdout { get; init; }

    /// <summary>The caller gets the container's standard error.</summary>
    public bool AttachStderr { get; init; }

    /// <summary>Rows of the caller's terminal; 0 when unknown.</summary>
    public ushort Rows { get; init; }

    /// <summary>Columns of the caller's terminal; 0 when unknown.</summary>
    public ushort Columns { get; init; }

    /// <summary>Send a <see cref="Monitors.FrameType.Trace"/> frame with the time of every step.</summary>
    public bool Trace { get; init; }
}

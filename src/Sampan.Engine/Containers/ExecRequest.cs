namespace Sampan.Engine.Containers;

/// <summary>A further process in a running container.</summary>
public sealed record ExecRequest
{
    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Cmd { get; init; }

    /// <summary>The caller goes away once it runs; its output is discarded.</summary>
    public bool Detach { get; init; }

    /// <summary>The caller's input goes to it; otherwise it reads /dev/null.</summary>
    public bool Stdin { get; init; }

    /// <summary>A pseudo terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Rows of the caller's terminal; 0 when unknown.</summary>
    public ushort Rows { get; init; }

    /// <summary>Columns of the caller's terminal; 0 when unknown.</summary>
    public ushort Columns { get; init; }

    /// <summary>NAME=value laid over the container's environment.</summary>
    public IReadOnlyList<string> Env { get; set; } = [];

    /// <summary>Working directory; empty means the container's.</summary>
    public string WorkingDir { get; set; } = "";

    /// <summary>user[:group]; empty means the container's.</summary>
    public string User { get; set; } = "";

    /// <summary>All capabilities the bounding set has.</summary>
    public bool Privileged { get; init; }
}

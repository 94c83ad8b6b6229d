namespace Sampan.Oci.Runtime;

/// <summary>The container process (config.md, "Process").</summary>
public sealed record RuntimeProcess
{
    /// <summary>A pseudo terminal is wanted.</summary>
    public bool Terminal { get; init; }

    /// <summary>Initial size of the terminal.</summary>
    public RuntimeConsoleSize? ConsoleSize { get; init; }

    /// <summary>Working directory, absolute.</summary>
    public string Cwd { get; set; } = "";

    /// <summary>Environment, NAME=value.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>The command and its arguments; at least one.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Resource limits (setrlimit(2)).</summary>
    public IReadOnlyList<RuntimeRlimit>? Rlimits { get; init; }

    /// <summary>Identity of the process.</summary>
    public RuntimeUser User { get; set; } = new();

    /// <summary>Capability sets (capabilities(7)).</summary>
    public RuntimeCapabilities? Capabilities { get; init; }

    /// <summary>PR_SET_NO_NEW_PRIVS.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>Written to /proc/self/oom_score_adj, -1000 to 1000.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary>AppArmor profile.</summary>
    public string? ApparmorProfile { get; init; }

    /// <summary>SELinux process label.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>ioprio_set(2).</summary>
    public RuntimeIoPriority? IoPriority { get; init; }

    /// <summary>sched_setattr(2).</summary>
    public RuntimeScheduler? Scheduler { get; init; }

    /// <summary>CPU affinity of an exec (config.md 1.2.1).</summary>
    public RuntimeExecCpuAffinity? ExecCPUAffinity { get; init; }
}

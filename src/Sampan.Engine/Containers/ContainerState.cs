namespace Sampan.Engine.Containers;

/// <summary>What is true of a container now: the content of state.json, corrected where its monitor died without a word.</summary>
public sealed record ContainerState
{
    /// <summary>Stands for an exit code that nobody knows, as in docker.</summary>
    public const int UnknownExit = 255;

    /// <summary>Where it is in its life.</summary>
    public ContainerStatus Status { get; init; }

    /// <summary>The status in docker's word.</summary>
    public string StatusName => Status switch
    {
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Exited => "exited",
        _ => "dead",
    };

    /// <summary>True while its monitor holds it: from the command's start to its end, paused too, and between two of its lives, as docker has it.</summary>
    public bool Running => Status is ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Restarting;

    /// <summary>It stands still.</summary>
    public bool Paused => Status == ContainerStatus.Paused;

    /// <summary>It has ended and is about to be started again.</summary>
    public bool Restarting => Status == ContainerStatus.Restarting;

    /// <summary>Process id of the command as the host sees it; 0 when it does not run.</summary>
    public int Pid { get; init; }

    /// <summary>Start time of that process in clock ticks since boot (proc_pid_stat(5), field 22): tells it from a later process of the same number.</summary>
    public long PidStartTime { get; init; }

    /// <summary>The life of the host it was started in (<see cref="Linux.Processes.HostBoot"/>); empty where that is not known.</summary>
    public string BootId { get; set; } = "";

    /// <summary>Number of the pipe that is its standard input; 0 without one.</summary>
    public long StdinPipe { get; init; }

    /// <summary>Number of the pipe that is its standard output; 0 with a terminal.</summary>
    public long StdoutPipe { get; init; }

    /// <summary>Number of the pipe that is its standard error; 0 with a terminal.</summary>
    public long StderrPipe { get; init; }

    /// <summary>Monitors that died since it was started, each with another that took over.</summary>
    public int Adoptions { get; init; }

    /// <summary>Inode number of the socket its monitor listens at; 0 where none does.</summary>
    public long SocketNumber { get; init; }

    /// <summary>Exit code, or 128 plus the signal; 126 or 127 when the command could not be started.</summary>
    public int ExitCode { get; init; }

    /// <summary>Why it could not be started or how it was lost; empty when all went well.</summary>
    public string Error { get; set; } = "";

    /// <summary>When the command was last started; <see cref="DateTimeOffset.MinValue"/> before the first start.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last ended; <see cref="DateTimeOffset.MinValue"/> before the first end.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>The kernel killed a process of it for want of memory.</summary>
    public bool OomKilled { get; init; }

    /// <summary>How often its restart policy has started it since it was last started by a command.</summary>
    public int RestartCount { get; init; }

    /// <summary>Milliseconds its restart policy waited, or waits, before its last start; 0 before the first.</summary>
    public long RestartDelay { get; init; }

    /// <summary>A command stopped it: its restart policy does not start it again before the next boot, and unless-stopped not even then.</summary>
    public bool StoppedByCommand { get; init; }

    /// <summary>starting, healthy or unhealthy; empty without a health check. The results are in <see cref="Container.Health"/>.</summary>
    public string Health { get; set; } = "";
}

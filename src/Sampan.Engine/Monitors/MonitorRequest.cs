using Sampan.Engine.Containers;
using Sampan.Engine.Networks;

namespace Sampan.Engine.Monitors;

/// <summary>The first frame of a connection: what the client wants of the monitor.</summary>
public sealed record MonitorRequest
{
    /// <summary>
    /// start, attach, exec, stop, restart, signal, wait, freeze, pause, unpause, update, connect, disconnect, reload: a command has changed the record; or adopt:
    /// the container's monitor has died.
    /// </summary>
    public string Operation { get; set; } = "";

    /// <summary>start, attach, exec: input goes to the process.</summary>
    public bool Stdin { get; init; }

    /// <summary>start, attach, exec: standard output wanted.</summary>
    public bool Stdout { get; init; }

    /// <summary>start, attach, exec: standard error wanted.</summary>
    public bool Stderr { get; init; }

    /// <summary>exec: answer <see cref="FrameType.Started"/> and let the process run on alone.</summary>
    public bool Detach { get; init; }

    /// <summary>start: send a <see cref="FrameType.Trace"/> frame.</summary>
    public bool Trace { get; init; }

    /// <summary>exec: on a pseudo terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>start, exec: rows of the client's terminal; 0 when unknown.</summary>
    public ushort Rows { get; init; }

    /// <summary>start, exec: columns of the client's terminal; 0 when unknown.</summary>
    public ushort Columns { get; init; }

    /// <summary>exec: NAME=value laid over the container's environment.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>exec: working directory; empty means the container's.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>exec: user[:group]; empty means the container's.</summary>
    public string? User { get; init; }

    /// <summary>exec: all capabilities the bounding set has.</summary>
    public bool Privileged { get; init; }

    /// <summary>exec: program and arguments.</summary>
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>signal, stop: the signal's number; 0 in stop means the container's own stop signal.</summary>
    public int Signal { get; init; }

    /// <summary>stop, restart: it was asked of a monitor that has died. What that one had begun is not begun anew.</summary>
    public bool Again { get; init; }

    /// <summary>stop: docker does not call it one (rm --force), and there is no event of that name.</summary>
    public bool Unnamed { get; init; }

    /// <summary>stop: because the host goes down; its restart policy starts it again at the next boot.</summary>
    public bool UntilBoot { get; init; }

    /// <summary>wait: for the end after which its restart policy does not start it again, not for the next.</summary>
    public bool ToTheLast { get; init; }

    /// <summary>update: what is asked for.</summary>
    public UpdateRequest? Update { get; init; }

    /// <summary>connect: to which network, and how.</summary>
    public EndpointSettings? Endpoint { get; init; }

    /// <summary>disconnect: the network's name.</summary>
    public string? Network { get; init; }

    /// <summary>stop, restart: seconds until SIGKILL; -1 is never, null the container's own time.</summary>
    public int? Timeout { get; init; }
}

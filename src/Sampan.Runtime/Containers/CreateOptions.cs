namespace Sampan.Runtime.Containers;

/// <summary>What a caller says of a container besides its bundle.</summary>
public sealed record CreateOptions
{
    /// <summary>Directory of all containers.</summary>
    public required string Root { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute path of its bundle.</summary>
    public required string Bundle { get; init; }

    /// <summary>Unix socket that receives the terminal's master side; null with a terminal keeps it for the caller.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>File that receives the first process's pid, before the container counts as created.</summary>
    public string? PidFile { get; init; }

    /// <summary>Unix socket that receives a pidfd of the first process.</summary>
    public string? PidFdSocket { get; init; }

    /// <summary>False: the root is moved and entered by chroot(2) (--no-pivot).</summary>
    public bool Pivot { get; init; } = true;

    /// <summary>False: it keeps the caller's session keyring (--no-new-keyring).</summary>
    public bool NewKeyring { get; init; } = true;

    /// <summary>Its group is a scope of systemd's (--systemd-cgroup).</summary>
    public bool Systemd { get; init; }

    /// <summary>It may do without a control group where none can be made; null asks who the caller is (--rootless).</summary>
    public bool? Rootless { get; init; }

    /// <summary>Takes what the bundle asks for and does not get, without that being an error.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Takes every step of the launch with the time it took, a line each (--debug).</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>How many of the caller's descriptors get through besides the sockets below, which come first.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>How many descriptors from 3 on are sockets a service manager handed over for the container (sd_listen_fds(3)).</summary>
    public int ActivationSockets { get; init; }
}

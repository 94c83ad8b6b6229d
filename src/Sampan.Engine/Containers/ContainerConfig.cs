using System.Text.Json.Serialization;

namespace Sampan.Engine.Containers;

/// <summary>What runs, independent of the host: docker's Config (Engine API, ContainerConfig). Names and meaning are docker's, so that inspect prints it as it is.</summary>
public sealed record ContainerConfig
{
    /// <summary>Host name; empty means the first twelve digits of the id.</summary>
    public string Hostname { get; set; } = "";

    /// <summary>NIS domain name.</summary>
    public string Domainname { get; set; } = "";

    /// <summary>user[:group], names or numbers.</summary>
    public string User { get; set; } = "";

    /// <summary>The starting client attaches stdin.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>The starting client attaches stdout.</summary>
    public bool AttachStdout { get; init; }

    /// <summary>The starting client attaches stderr.</summary>
    public bool AttachStderr { get; init; }

    /// <summary>A pseudo terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Stdin stays open without a client (-i).</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Stdin closes when the first client detaches.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Ports something listens on (80/tcp), image and user merged; absent is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary>NAME=value, image and user merged.</summary>
    public IReadOnlyList<string> Env { get; set; } = [];

    /// <summary>Arguments, or the command where there is no entry point.</summary>
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>The reference as the user wrote it.</summary>
    public string Image { get; set; } = "";

    /// <summary>Paths the image declares as volumes.</summary>
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }

    /// <summary>Working directory; empty means "/".</summary>
    public string WorkingDir { get; set; } = "";

    /// <summary>Entry point.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Labels, image and user merged.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Signal of stop; SIGTERM when absent.</summary>
    public string? StopSignal { get; init; }

    /// <summary>How to find out whether it works; image and user merged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public HealthCheck? Healthcheck { get; init; }

    /// <summary>Seconds stop waits; 10 when absent.</summary>
    public int? StopTimeout { get; init; }
}

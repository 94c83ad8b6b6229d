namespace Sampan.Oci.Images;

/// <summary>How to find out whether a container works (docker's image configuration, "Healthcheck").</summary>
public sealed record ImageHealthCheck
{
    /// <summary>NONE, or CMD and arguments, or CMD-SHELL and a line.</summary>
    public IReadOnlyList<string>? Test { get; set; }

    /// <summary>Nanoseconds between checks.</summary>
    public long? Interval { get; set; }

    /// <summary>Nanoseconds one check may take.</summary>
    public long? Timeout { get; set; }

    /// <summary>Nanoseconds in which failures do not count.</summary>
    public long? StartPeriod { get; set; }

    /// <summary>Nanoseconds between checks during the start period.</summary>
    public long? StartInterval { get; set; }

    /// <summary>Failures in a row that make it unhealthy.</summary>
    public int? Retries { get; set; }
}

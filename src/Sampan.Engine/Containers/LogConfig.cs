namespace Sampan.Engine.Containers;

/// <summary>Log driver and its options.</summary>
public sealed record LogConfig
{
    /// <summary>json-file, local, journald, syslog or none.</summary>
    public string Type { get; set; } = "json-file";

    /// <summary>max-size, max-file and others.</summary>
    public IReadOnlyDictionary<string, string> Config { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

namespace Sampan.Registries;

/// <summary>What a client reads and how patient it is. docs/registries.md tells what is in the files.</summary>
public sealed record RegistryOptions
{
    /// <summary>The directory of docker's config.json: logins, credential helpers.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>The file of mirrors, insecure and blocked registries; it may be missing.</summary>
    public string RegistriesFile { get; init; } = "/etc/sampan/registries.toml";

    /// <summary>Registries, as references name them, that are insecure for this process, whatever the file says: --insecure.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Directories that have, for a host, a directory host:port with certificates.</summary>
    public IReadOnlyList<string> CertificateDirectories { get; init; } = ["/etc/sampan/certs.d", "/etc/docker/certs.d"];

    /// <summary>The value of an environment variable: proxies are read from it.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>How often a registry that stumbles is asked again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>How long nothing may come from a registry, or go to it, before the connection counts as dead.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a registry may take to answer when it has got all of a blob or manifest: it hashes and files what may be gigabytes.</summary>
    public TimeSpan CommitTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes a second below which a download that goes on for <see cref="Stall"/> counts as standing still.</summary>
    public int SlowestRate { get; init; } = 64;

    /// <summary>The header User-Agent.</summary>
    public string UserAgent { get; init; } = "sampan";

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The options of a user's commands: logins are in $DOCKER_CONFIG, or in .docker of his home; what is configured for the host in
    /// $SAMPAN_CONFIG, or in /etc/sampan.
    /// </summary>
    /// <returns>The options.</returns>
    public static RegistryOptions FromEnvironment()
    {
        var host = Directory("SAMPAN_CONFIG") ?? "/etc/sampan";
        return new()
        {
            ConfigDirectory = Directory("DOCKER_CONFIG") ?? (Directory("HOME") ?? "/root") + "/.docker",
            RegistriesFile = host + "/registries.toml",
            CertificateDirectories = [host + "/certs.d", "/etc/docker/certs.d"],
        };
    }

    private static string? Directory(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.TrimEnd('/') : null;
}

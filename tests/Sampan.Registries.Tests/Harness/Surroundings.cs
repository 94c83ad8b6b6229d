using Sampan.Images;

namespace Sampan.Registries.Tests.Harness;

/// <summary>A user's configuration, and that of a host, in a folder of the test's own. Nothing of the machine's is read.</summary>
internal sealed class Surroundings : IDisposable
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly List<RegistryClient> _clients = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("sampan-registries-").FullName;

    public string ConfigFile => Path.Combine(Folder, "config", "config.json");

    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(5);

    public RetryPolicy Retry { get; set; } = new() { FirstWait = TimeSpan.FromMilliseconds(2), LongestTotal = TimeSpan.FromSeconds(3) };

    public int SlowestRate { get; set; } = 64;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public string this[string variable]
    {
        set => _variables[variable] = value;
    }

    public void Config(string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigFile)!);
        File.WriteAllText(ConfigFile, json);
    }

    public void Registries(string toml) => File.WriteAllText(Path.Combine(Folder, "registries.toml"), toml);

    public string CertificateFolder(string host) => Directory.CreateDirectory(Path.Combine(Folder, "certs.d", host)).FullName;

    /// <summary>A client that reads all this now.</summary>
    public RegistryClient Client()
    {
        var client = new RegistryClient(new()
        {
            ConfigDirectory = Path.Combine(Folder, "config"),
            RegistriesFile = Path.Combine(Folder, "registries.toml"),
            CertificateDirectories = [Path.Combine(Folder, "certs.d")],
            Variable = name => _variables.GetValueOrDefault(name),
            Retry = Retry,
            Stall = Stall,
            SlowestRate = SlowestRate,
            Clock = Clock,
        });
        _clients.Add(client);
        return client;
    }

    public SourceRepository Source(string reference) => Client().OpenSource(ImageReference.Parse(reference));

    public TargetRepository Target(string reference) => Client().OpenTarget(ImageReference.Parse(reference));

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        Directory.Delete(Folder, true);
    }
}

using Sampan.Cli.Commands;
using Sampan.Cli.Commands.Registries;
using Sampan.Registries;

namespace Sampan.RegistryCli;

/// <summary>What commands do with registries, in docker's words.</summary>
internal sealed partial class RegistryService : IRegistries, IDisposable
{
    private RegistryClient? _client;

    private static RegistryOptions Options => RegistryOptions.FromEnvironment() with { UserAgent = "sampan/" + ProductVersion.Text };

    private RegistryClient Client => _client ??= new(Options);

    /// <inheritdoc/>
    public int Logout(Session session, string registry)
    {
        session.Out.WriteLine($"Removing login credentials for {(registry.Length == 0 ? "https://index.docker.io/v1/" : registry)}").Flush();
        Client.Logout(registry);
        return 0;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SearchRow> Search(Session session, string term, int limit)
    {
        var rows = new List<SearchRow>();
        foreach (var result in Client.Search(term, limit))
        {
            rows.Add(new(result.Name, result.Description, (int)Math.Min(result.Stars, int.MaxValue), result.IsOfficial, result.IsAutomated));
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();
}

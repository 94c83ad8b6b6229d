using Sampan.Registries.Http;

namespace Sampan.Registries;

/// <summary>A repository at one registry.</summary>
/// <param name="Server">The registry.</param>
/// <param name="Path">The repository's path there.</param>
internal sealed record RepositoryPlace(RegistryServer Server, string Path)
{
    /// <summary>There is another place to ask: this one is not asked twice.</summary>
    public bool HasAlternative { get; init; }

    /// <param name="path">What follows the repository's path, its query included.</param>
    /// <param name="cancellation">Ends the search for the registry's base.</param>
    public Uri At(string path, CancellationToken cancellation) => Server.At($"{Path}/{path}", cancellation);

    public override string ToString() => $"{Server.Authority}/{Path}";
}

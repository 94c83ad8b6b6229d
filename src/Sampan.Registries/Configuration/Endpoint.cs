namespace Sampan.Registries.Configuration;

/// <summary>A repository at one place.</summary>
/// <param name="Registry">host[:port] as references and credentials have it: docker.io.</param>
/// <param name="Repository">Its path there.</param>
/// <param name="Insecure">Certificates are not verified, and plain HTTP will do.</param>
internal sealed record Endpoint(string Registry, string Repository, bool Insecure)
{
    /// <summary>host[:port] to connect to.</summary>
    public string Server => RegistryHost.Server(Registry);

    public override string ToString() => Registry + "/" + Repository;
}

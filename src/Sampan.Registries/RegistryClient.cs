using System.Collections.Concurrent;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Registries.Configuration;
using Sampan.Registries.Credentials;
using Sampan.Registries.Http;

namespace Sampan.Registries;

/// <summary>
/// Registries as this host is configured to reach them. One for a process: it keeps connections and tokens. All calls block, may be made
/// by several threads at once, and end early when their token is cancelled.
/// </summary>
public sealed partial class RegistryClient : IDisposable
{
    private readonly ConcurrentDictionary<(string Registry, bool Insecure), RegistryServer> _servers = [];
    private readonly RegistryOptions _options;
    private readonly RegistriesConfiguration _configuration;
    private readonly CredentialStore _credentials;
    private readonly Transport _transport;
    private readonly Exchange _exchange;
    private readonly Sender _sender;

    /// <summary>Reads the configuration.</summary>
    /// <param name="options">Where it is, and how patient to be.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a file or variable makes no sense.</exception>
    public RegistryClient(RegistryOptions options)
    {
        _options = options;
        _configuration = RegistriesFile.Read(options.RegistriesFile, options.InsecureRegistries);
        _credentials = new(new(options.ConfigDirectory));
        _transport = new(options, host => _servers.ContainsKey((host, true)) || _configuration.IsInsecure(host));
        _exchange = new(_transport, options);
        _sender = new(_exchange, _credentials.Headers(), options);
    }

    /// <summary>
    /// An image's repository, to read from: its mirrors in order, then its registry. Where the configuration wants images to be signed
    /// (<c>require-signature</c>), no manifest is given out that is not.
    /// </summary>
    /// <param name="reference">The image.</param>
    /// <returns>The repository; nothing has been asked yet.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: the registry is blocked.</exception>
    public SourceRepository OpenSource(ImageReference reference) => Open(reference, _configuration.SignatureKeyOf(reference));

    /// <summary>The same, signed or not: for the signatures themselves.</summary>
    internal SourceRepository OpenUnsigned(ImageReference reference) => Open(reference, keyFile: null);

    private SourceRepository Open(ImageReference reference, string? keyFile)
    {
        List<RepositoryPlace> places = [];
        foreach (var endpoint in _configuration.ForPull(reference))
        {
            places.Add(new(Server(endpoint), endpoint.Repository));
        }

        return new(reference, places, _sender, _options, keyFile is null ? null : (digest, cancellation) => RequireSignature(reference, digest, keyFile, cancellation));
    }

    /// <summary>An image's repository, to write to: its registry, never a mirror.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>The repository; nothing has been asked yet.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Forbidden"/>: the registry is blocked.</exception>
    public TargetRepository OpenTarget(ImageReference reference)
    {
        var endpoint = _configuration.ForPush(reference);
        return new(reference, new(Server(endpoint), endpoint.Repository), _sender, _options);
    }

    /// <summary>Closes connections.</summary>
    public void Dispose() => _transport.Dispose();

    private RegistryServer Server(Endpoint endpoint) =>
        _servers.GetOrAdd(
            (endpoint.Registry, endpoint.Insecure),
            key => new(key.Registry, key.Insecure, _exchange, cancellation => _credentials.Find(key.Registry, cancellation), _options));
}

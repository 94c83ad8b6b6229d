using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Http;

/// <summary>
/// Connections. Those made for one registry are not used for another: which authorities are trusted depends on the registry that led
/// there. Client certificates are shown to the host they are configured for and to no other.
/// </summary>
internal sealed class Transport(RegistryOptions options, Func<string, bool> isInsecure) : IDisposable
{
    private readonly ConcurrentDictionary<(string Registry, string Host), Lazy<HttpMessageInvoker>> _invokers = [];
    private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _reached = new(StringComparer.Ordinal);
    private readonly ProxyEnvironment _proxy = new(options.Variable);

    /// <summary>Sends one message and waits for the head of its answer.</summary>
    /// <param name="registry">host[:port] of the registry it is for.</param>
    /// <param name="request">The question, for its body and for messages.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The answer, its body unread.</returns>
    /// <exception cref="RegistryException">No answer came.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public HttpResponseMessage Send(string registry, RegistryRequest request, HttpRequestMessage message, CancellationToken cancellation)
    {
        var address = message.RequestUri!;
        var host = HostOf(registry, address);
        var invoker = _invokers.GetOrAdd((registry, host), key => new(() => Connect(key.Registry, key.Host))).Value;
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var time = request.AnswerTime ?? options.Stall;
        watch.CancelAfter(time);
        message.Content = request.Content?.Invoke(isLast =>
        {
            time = isLast ? request.AnswerTime ?? options.Stall : options.Stall;
            watch.CancelAfter(time);
        });
        try
        {
            var response = invoker.Send(message, watch.Token);
            _reached[host] = true;
            return response;
        }
        catch (HttpRequestException error)
        {
            cancellation.ThrowIfCancellationRequested();
            if (watch.IsCancellationRequested)
            {
                throw ConnectionWords.Stalled(request, time);
            }

            _refusals.TryRemove(host, out var certificate);
            throw ConnectionWords.Failed(request, address, error, certificate, _reached.ContainsKey(host));
        }
        catch (Exception error) when (ConnectionWords.IsOfConnection(error))
        {
            cancellation.ThrowIfCancellationRequested();
            throw watch.IsCancellationRequested ? ConnectionWords.Stalled(request, time) : ConnectionWords.Broken(request, error);
        }
    }

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values)
        {
            if (invoker.IsValueCreated)
            {
                invoker.Value.Dispose();
            }
        }
    }

    // An address leaves out the port that its scheme has anyway; the name in references, and of folders, may have it.
    private static string HostOf(string registry, Uri address) =>
        Uri.TryCreate($"{address.Scheme}://{registry}/", UriKind.Absolute, out var own) && own.Authority == address.Authority ? registry : address.Authority;

    private HttpMessageInvoker Connect(string registry, string host)
    {
        var own = HostCertificates.Read(options.CertificateDirectories, host);
        var authorities = new X509Certificate2Collection(own.Authorities);
        if (registry != host)
        {
            authorities.AddRange(HostCertificates.Read(options.CertificateDirectories, registry).Authorities);
        }

        return new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            PreAuthenticate = false,
            Proxy = _proxy,
            DefaultProxyCredentials = null,
            ConnectTimeout = options.Stall,
            ConnectCallback = OpenSocket,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),

            // What is closed unread is not read for the sake of the connection.
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = 64,
            SslOptions = Tls(host, authorities, own.Clients),
        });
    }

    private SslClientAuthenticationOptions Tls(string host, X509Certificate2Collection authorities, X509Certificate2Collection clients)
    {
        var tls = new SslClientAuthenticationOptions
        {
            ClientCertificates = clients.Count > 0 ? clients : null,
            RemoteCertificateValidationCallback = new ServerTrust(host, authorities, isInsecure(host), options.CertificateDirectories[0], _refusals).IsTrusted,

            // As docker's: neither revocation lists nor missing links of a chain are fetched from wherever a certificate names.
            CertificateChainPolicy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        };
        return tls;
    }

    private static async ValueTask<Stream> OpenSocket(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Sampan.Linux;

namespace Sampan.Registries.Http;

/// <summary>
/// What happened to a connection, in the words of Go's net package, which users of docker know. The framework's own words are cut from the
/// native executables.
/// </summary>
internal static class ConnectionWords
{
    /// <summary>Whether an error is one of connections; a read from one that was closed under it included.</summary>
    public static bool IsOfConnection(Exception error) => error is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException;

    public static RegistryException Stalled(RegistryRequest request, TimeSpan time) =>
        new(ErrorKind.Unavailable, string.Create(CultureInfo.InvariantCulture, $"{request}: no answer within {time.TotalSeconds:0.#} s")) { IsTransient = true };

    /// <summary>A connection that was there broke.</summary>
    public static RegistryException Broken(RegistryRequest request, Exception error) =>
        new(ErrorKind.Unavailable, $"{request}: {Reason(error)}", error) { IsTransient = true };

    /// <summary>A question got no answer.</summary>
    /// <param name="request">The question.</param>
    /// <param name="address">Where it went, at the end of redirects.</param>
    /// <param name="error">What the framework says.</param>
    /// <param name="certificate">Why the server's certificate is not taken; null when it is not for that.</param>
    /// <param name="reached">The server has answered before: it may come back.</param>
    public static RegistryException Failed(RegistryRequest request, Uri address, HttpRequestException error, string? certificate, bool reached)
    {
        switch (error.HttpRequestError)
        {
            case HttpRequestError.NameResolutionError:
                return new(ErrorKind.Unavailable, $"{request}: dial tcp: lookup {address.IdnHost}: no such host", error) { IsConnection = true, IsTransient = reached };
            case HttpRequestError.ConnectionError:
                return new(ErrorKind.Unavailable, $"{request}: dial tcp {Place(address)}: connect: {Reason(error)}", error) { IsConnection = true, IsTransient = reached };
            case HttpRequestError.SecureConnectionError:
                var words = certificate is null
                    ? $"tls: {Reason(error)}: no server of HTTPS answers there"
                    : $"tls: failed to verify certificate: x509: {certificate}";
                return new(ErrorKind.Unavailable, $"{request}: {words}", error) { IsConnection = true };
            case HttpRequestError.ProxyTunnelError:
                return new(ErrorKind.Unavailable, $"{request}: proxyconnect tcp: the proxy refuses", error);
            default:
                return Broken(request, error);
        }
    }

    private static string Place(Uri address) => string.Create(CultureInfo.InvariantCulture, $"{address.IdnHost}:{address.Port}");

    private static string Reason(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException socket:
                    return Name(socket.SocketErrorCode);
                case AuthenticationException:
                    return "handshake failed";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "unexpected EOF";
                default:
                    break;
            }
        }

        return error is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } ? "malformed HTTP response" : "connection broke";
    }

    private static string Name(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.ConnectionAborted => "connection aborted",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.TimedOut => "i/o timeout",
        SocketError.Shutdown => "broken pipe",
        SocketError.HostNotFound => "no such host",
        _ => error.ToString(),
    };
}

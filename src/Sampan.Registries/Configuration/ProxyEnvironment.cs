using System.Globalization;
using System.Net;
using Sampan.Linux;

namespace Sampan.Registries.Configuration;

/// <summary>
/// The proxies of the environment, read as Go's net/http reads them and docker with it: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in capitals
/// or not. This machine is never reached through one.
/// </summary>
internal sealed class ProxyEnvironment : IWebProxy
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly string[] _without;

    /// <param name="variable">The value of an environment variable.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a proxy's address makes no sense.</exception>
    public ProxyEnvironment(Func<string, string?> variable)
    {
        // A CGI program's HTTP_PROXY is the request's header Proxy (httpoxy, CVE-2016-5385).
        _http = string.IsNullOrEmpty(variable("REQUEST_METHOD")) ? Address(variable, "HTTP_PROXY") : null;
        _https = Address(variable, "HTTPS_PROXY");
        var without = Value(variable, "NO_PROXY") ?? "";
        _without = without.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>User and password, when the addresses have them.</summary>
    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : For(destination);

    public bool IsBypassed(Uri host)
    {
        if (For(host) is null || RegistryHost.IsLoopback(host.IdnHost))
        {
            return true;
        }

        foreach (var entry in _without)
        {
            if (Matches(entry, host))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(string entry, Uri host)
    {
        if (entry == "*")
        {
            return true;
        }

        var name = host.IdnHost.Trim('[', ']');
        if (IPNetwork.TryParse(entry, out var network))
        {
            return IPAddress.TryParse(name, out var address) && network.Contains(address);
        }

        // example.com is for the host and for those below it, .example.com for those below it, *.example.com as well.
        var colon = entry.LastIndexOf(':');
        if (colon > 0 && !IPAddress.TryParse(entry, out _) && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            if (port != host.Port)
            {
                return false;
            }

            entry = entry[..colon];
        }

        entry = entry.Trim('[', ']').TrimStart('*');
        return entry.StartsWith('.')
            ? name.EndsWith(entry, StringComparison.OrdinalIgnoreCase)
            : name.Equals(entry, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + entry, StringComparison.OrdinalIgnoreCase);
    }

    private static string? Value(Func<string, string?> variable, string name)
    {
        var value = variable(name);
        return string.IsNullOrEmpty(value) ? variable(name.ToLowerInvariant()) : value;
    }

    private Uri? For(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private Uri? Address(Func<string, string?> variable, string name)
    {
        var text = Value(variable, name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "socks5"))
        {
            throw SampanException.InvalidArgument($"{name}: \"{WithoutUser(text)}\" is no proxy's address: [http://]host[:port] is expected");
        }

        if (address.UserInfo.Length > 0)
        {
            var colon = address.UserInfo.IndexOf(':', StringComparison.Ordinal);
            var user = colon < 0 ? address.UserInfo : address.UserInfo[..colon];
            var cache = Credentials as CredentialCache ?? [];
            var credential = new NetworkCredential(Uri.UnescapeDataString(user), colon < 0 ? "" : Uri.UnescapeDataString(address.UserInfo[(colon + 1)..]));
            if (cache.GetCredential(address, "Basic") is null)
            {
                cache.Add(address, "Basic", credential);
            }

            Credentials = cache;
        }

        return address;
    }

    private static string WithoutUser(string text) => text[(text.LastIndexOf('@') + 1)..];
}

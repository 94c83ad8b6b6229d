namespace Sampan.Registries.Configuration;

/// <summary>The names one registry goes by. Docker Hub has several.</summary>
internal static class RegistryHost
{
    /// <summary>Docker Hub in references.</summary>
    public const string Hub = "docker.io";

    /// <summary>Docker Hub's key in docker's configuration, and its server for credential helpers.</summary>
    public const string HubCredentials = "https://index.docker.io/v1/";

    private const string HubServer = "registry-1.docker.io";
    private const string HubIndex = "index.docker.io";

    /// <summary>host[:port] where the distribution API of a registry is.</summary>
    public static string Server(string registry) => IsHub(registry) ? HubServer : registry;

    /// <summary>host[:port] where the search API of a registry is.</summary>
    public static string Index(string registry) => IsHub(registry) ? HubIndex : registry;

    /// <summary>The key of a registry's credentials.</summary>
    public static string CredentialKey(string registry) => IsHub(registry) ? HubCredentials : registry;

    public static bool IsHub(string registry) => registry is Hub or HubIndex or HubServer;

    /// <summary>host[:port] of what docker's configuration calls a server: with or without scheme and path.</summary>
    public static string OfKey(string key)
    {
        var start = key.IndexOf("://", StringComparison.Ordinal);
        var rest = start < 0 ? key : key[(start + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? rest : rest[..slash];
    }

    /// <summary>The host without its port, and without the brackets of an IPv6 address.</summary>
    public static string WithoutPort(string authority)
    {
        if (authority.StartsWith('['))
        {
            var end = authority.IndexOf(']', StringComparison.Ordinal);
            return end < 0 ? authority : authority[1..end];
        }

        var colon = authority.LastIndexOf(':');
        return colon < 0 ? authority : authority[..colon];
    }

    /// <summary>Whether a host is this machine by its very name: 127.0.0.0/8, ::1, localhost (docker takes those for insecure registries).</summary>
    public static bool IsLoopback(string authority)
    {
        var host = WithoutPort(authority);
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
    }
}

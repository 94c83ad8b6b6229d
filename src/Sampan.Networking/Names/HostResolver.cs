using System.Net;
using System.Text;
using Sampan.Linux.Files;
using Sampan.Networking.Addresses;

namespace Sampan.Networking.Names;

/// <summary>The name servers of a host, from its resolv.conf(5).</summary>
public static class HostResolver
{
    /// <summary>Reads the file.</summary>
    /// <returns>Its content; empty where there is none.</returns>
    /// <exception cref="Linux.LinuxException">It cannot be read.</exception>
    public static string Content() => FileTree.TryRead("/etc/resolv.conf", 1 << 20) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";

    /// <summary>Reads them.</summary>
    /// <param name="content">Of the file.</param>
    /// <returns>Addresses, in order; what is none is passed over, as resolvers do. Where none is named, it is the one of the host itself.</returns>
    public static IReadOnlyList<IPAddress> Servers(string content)
    {
        List<IPAddress> servers = [];
        foreach (var line in content.Split('\n'))
        {
            if (line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var server, ..] && AddressPrefix.TryParseAddress(server) is { } address)
            {
                servers.Add(address);
            }
        }

        return servers.Count > 0 ? servers : [IPAddress.Loopback];
    }

    /// <summary>Whether all servers listen at the host's loopback address, where a container with a network of its own cannot ask them.</summary>
    /// <param name="content">Of the file.</param>
    /// <returns>Whether it is so.</returns>
    public static bool IsLocal(string content)
    {
        foreach (var server in Servers(content))
        {
            if (!IPAddress.IsLoopback(server))
            {
                return false;
            }
        }

        return true;
    }
}

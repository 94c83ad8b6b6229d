using System.Net;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Engine.Logs.Delivery;

/// <summary>Addresses of hosts by name, from /etc/hosts (hosts(5)): a monitor asks no name server, which might let it wait.</summary>
internal static class HostAddress
{
    /// <returns>The first address of that name; null when there is none.</returns>
    public static IPAddress? Find(string name)
    {
        if (FileTree.TryRead("/etc/hosts") is not { } content)
        {
            return null;
        }

        foreach (var line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            var words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (Array.IndexOf(words, name) > 0 && IPAddress.TryParse(words[0], out var address))
            {
                return address;
            }
        }

        return null;
    }
}

namespace Sampan.Networking.Names;

/// <summary>Content of /etc/hostname (hostname(5)).</summary>
public static class HostnameFile
{
    /// <summary>Writes it.</summary>
    /// <param name="hostname">Host name.</param>
    /// <param name="domainname">Domain name; empty for none.</param>
    /// <returns>The content: the full name on one line, as docker writes it.</returns>
    public static string Content(string hostname, string domainname) => domainname.Length == 0 ? hostname + "\n" : $"{hostname}.{domainname}\n";
}

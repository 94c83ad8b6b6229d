namespace Sampan.Networking.Names;

/// <summary>Content of /etc/hostname (hostname(5)).</summary>
public static class HostnameFile
{
    /// <summary>Writes it.</summary>
    /// <param name="hostname">Host name.</param>
    /// <returns>The content: as it was given on one line, without --domainname, as docker writes it.</returns>
    public static string Content(string hostname) => hostname + "\n";
}

using System.Text;

namespace Sampan.Networking.Names;

/// <summary>Content of /etc/hosts (hosts(5)), as docker writes it.</summary>
public static class HostsFile
{
    private const string Local =
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

    /// <summary>For a container with a network namespace of its own.</summary>
    /// <param name="names">The container's own names, first of which is its host name.</param>
    /// <param name="addresses">Its addresses; none on network none, so its name is not there either.</param>
    /// <param name="extra">--add-host.</param>
    /// <returns>The content.</returns>
    public static string Own(IReadOnlyList<string> names, IReadOnlyList<string> addresses, IReadOnlyList<ExtraHost> extra)
    {
        var text = new StringBuilder(Local);
        Append(text, extra);
        for (var index = 0; index < addresses.Count; index++)
        {
            text.Append(addresses[index]).Append('\t').AppendJoin(' ', names).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>For a container on the host's network: the host's file and what was added.</summary>
    /// <param name="host">Content of the host's /etc/hosts.</param>
    /// <param name="extra">--add-host.</param>
    /// <returns>The content.</returns>
    public static string Shared(string host, IReadOnlyList<ExtraHost> extra)
    {
        var text = new StringBuilder(host);
        if (extra.Count > 0 && host.Length > 0 && !host.EndsWith('\n'))
        {
            text.Append('\n');
        }

        Append(text, extra);
        return text.ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<ExtraHost> extra)
    {
        for (var index = 0; index < extra.Count; index++)
        {
            text.Append(extra[index].Address).Append('\t').Append(extra[index].Name).Append('\n');
        }
    }
}

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

    /// <summary>Has a file tell of what changed since it was written; lines that somebody else wrote or changed stay.</summary>
    /// <param name="content">The file as it is.</param>
    /// <param name="before">As it was written.</param>
    /// <param name="after">As it would be written now.</param>
    /// <returns>The file without the lines that are no longer true, and with those that have come, at its end.</returns>
    public static string Change(string content, string before, string after)
    {
        List<string> gone = [.. before.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        List<string> come = [.. after.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        gone.RemoveAll(come.Remove);
        var text = new StringBuilder();
        foreach (var line in content.Split('\n'))
        {
            if (!gone.Remove(line))
            {
                text.Append(line).Append('\n');
            }
        }

        // The last piece is what follows the last line break.
        text.Length--;
        if (come.Count > 0 && text.Length > 0 && text[^1] != '\n')
        {
            text.Append('\n');
        }

        foreach (var line in come)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Gives other containers the addresses and names that they have now. A line that is no more there is not put back.</summary>
    /// <param name="content">The file as it is.</param>
    /// <param name="hosts">Names, as one line of the file has them, and addresses. By the first two names the line is known.</param>
    /// <returns>The file.</returns>
    public static string Readdress(string content, IReadOnlyList<ExtraHost> hosts)
    {
        var lines = content.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            var tab = lines[index].IndexOf('\t', StringComparison.Ordinal);
            foreach (var host in tab < 0 ? [] : hosts)
            {
                if (Beginning(lines[index].AsSpan(tab + 1)).SequenceEqual(Beginning(host.Name)))
                {
                    lines[index] = $"{host.Address}\t{host.Name}";
                    break;
                }
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>Takes a container's line away.</summary>
    /// <param name="content">The file as it is.</param>
    /// <param name="names">The first two names of the line.</param>
    /// <returns>The file.</returns>
    public static string Without(string content, string names)
    {
        List<string> lines = [.. content.Split('\n')];
        lines.RemoveAll(line => line.IndexOf('\t', StringComparison.Ordinal) is >= 0 and var tab && Beginning(line.AsSpan(tab + 1)).SequenceEqual(names));
        return string.Join('\n', lines);
    }

    private static ReadOnlySpan<char> Beginning(ReadOnlySpan<char> names)
    {
        var first = names.IndexOf(' ');
        var second = first < 0 ? -1 : names[(first + 1)..].IndexOf(' ');
        return second < 0 ? names : names[..(first + 1 + second)];
    }

    private static void Append(StringBuilder text, IReadOnlyList<ExtraHost> extra)
    {
        for (var index = 0; index < extra.Count; index++)
        {
            text.Append(extra[index].Address).Append('\t').Append(extra[index].Name).Append('\n');
        }
    }
}

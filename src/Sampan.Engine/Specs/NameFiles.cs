using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Users;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Networking.Names;

namespace Sampan.Engine.Specs;

/// <summary>
/// The three files that say a container's name and whom it asks for others. They live in the container's directory and are bound over
/// /etc/hosts, /etc/hostname and /etc/resolv.conf, so the image is not touched and the engine can change them later.
/// </summary>
public static class NameFiles
{
    private const int Readable = 0x1A4;

    /// <summary>Writes them anew, as each start does: the host's may have changed. They are made from what is known, so not synced.</summary>
    /// <param name="directory">The container's directory.</param>
    /// <param name="config">What runs, with its host name.</param>
    /// <param name="host">What the host gives.</param>
    /// <param name="ids">Its ids, if not the host's: root of the container owns them.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a malformed --add-host.</exception>
    /// <exception cref="LinuxException">A file cannot be written.</exception>
    public static void Write(string directory, ContainerConfig config, HostConfig host, ContainerIdMap? ids = null)
    {
        var extra = new List<ExtraHost>();
        for (var index = 0; index < (host.ExtraHosts?.Count ?? 0); index++)
        {
            extra.Add(ExtraHost.Parse(host.ExtraHosts![index]));
        }

        var sharesNetwork = host.NetworkMode == "host";
        var resolver = ReadHost("/etc/resolv.conf");
        var (servers, search, options) = (host.Dns ?? [], host.DnsSearch ?? [], host.DnsOptions ?? []);
        Write(directory, "hosts", sharesNetwork ? HostsFile.Shared(ReadHost("/etc/hosts"), extra) : HostsFile.Own([config.Hostname], [], extra), ids);
        Write(directory, "hostname", HostnameFile.Content(config.Hostname, config.Domainname), ids);
        Write(directory, "resolv.conf", sharesNetwork ? ResolverFile.Shared(resolver, servers, search, options) : ResolverFile.Own(resolver, servers, search, options), ids);
    }

    private static string ReadHost(string path) => FileTree.TryRead(path, 1 << 20) is { } content ? Encoding.UTF8.GetString(content) : "";

    // What is no file is damage: made anew like the content.
    private static FileDescriptor Open(string path)
    {
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate;
        if (FileDescriptor.TryOpenRegular(path, flags, Readable, out var isOther) is { } file)
        {
            return file;
        }

        return isOther && FileTree.Remove(path)
            ? FileDescriptor.Open(path, flags | OpenFlags.Exclusive, Readable)
            : throw new LinuxException(Errno.ENOENT, "create", path);
    }

    // In place, not by rename: a running container's bind mount is of this very file.
    private static void Write(string directory, string name, string content, ContainerIdMap? ids)
    {
        using var file = Open($"{directory}/{name}");

        // Any user of the container reads them, whatever this process's umask is.
        file.SetPermissions(Readable);
        if (ids is not null)
        {
            ids.GiveToRoot(file);
        }

        file.WriteAll(Encoding.UTF8.GetBytes(content));
    }
}

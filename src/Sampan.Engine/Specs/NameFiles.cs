using System.Text;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
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
    /// <param name="network">Its addresses; null where it has none of ours.</param>
    /// <param name="links">Names of other containers for this one alone, and their addresses; null for none.</param>
    /// <param name="ids">Its ids, if not the host's: root of the container owns them.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a malformed --add-host.</exception>
    /// <exception cref="LinuxException">A file cannot be written.</exception>
    internal static void Write(
        string directory,
        ContainerConfig config,
        HostConfig host,
        NetworkState? network = null,
        IReadOnlyList<ExtraHost>? links = null,
        ContainerIdMap? ids = null)
    {
        Write(directory, "hosts", Hosts(config, host, network, links), ids);
        Write(directory, "hostname", HostnameFile.Content(config.Hostname), ids);
        Write(directory, "resolv.conf", Resolver(host, network), ids);
    }

    /// <summary>
    /// Has them tell of networks that came and went. What the container wrote there itself stays: of hosts single lines change, resolv.conf only where it
    /// is as it was made.
    /// </summary>
    /// <param name="container">The container.</param>
    /// <param name="before">How it was connected.</param>
    /// <param name="after">How it is.</param>
    /// <exception cref="LinuxException">A file cannot be written.</exception>
    internal static void Change(Container container, NetworkState before, NetworkState after)
    {
        var (config, host) = (container.Config, container.HostConfig);
        if (host.Rootfs is not null)
        {
            return;
        }

        var (was, will) = (Hosts(config, WithoutGateway(host, before), before, null), Hosts(config, WithoutGateway(host, after), after, null));
        Change(container, "hosts", content => HostsFile.Change(content, was, will));
        var (resolver, next) = (Resolver(host, before), Resolver(host, after));
        Change(container, "resolv.conf", content => content == resolver ? next : content);
    }

    /// <summary>Changes one of them in place.</summary>
    /// <param name="container">The container.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="change">Makes the new content of what is there.</param>
    /// <exception cref="LinuxException">The file cannot be written.</exception>
    internal static void Change(Container container, string name, Func<string, string> change)
    {
        const int most = 1 << 20;
        var path = $"{container.Directory}/{name}";
        using var file = FileDescriptor.TryOpenRegular(path, OpenFlags.ReadWrite);
        if (file is null || file.Status().Size > most)
        {
            // It is the container's to fill or to spoil.
            return;
        }

        var content = Encoding.UTF8.GetString(file.ReadToEnd(most));
        var changed = change(content);
        if (changed == content || content.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return;
        }

        // Who reads it meanwhile finds all of it.
        var bytes = Encoding.UTF8.GetBytes(changed);
        file.Seek(0, SeekOrigin.Begin);
        file.WriteAll(bytes);
        file.SetLength(bytes.Length);
    }

    // Where there is no way out the word host-gateway stands for nothing.
    private static HostConfig WithoutGateway(HostConfig host, NetworkState network) =>
        host.ExtraHosts is null || network.Endpoints.Any(static endpoint => GatewayOf(endpoint) is not null)
            ? host
            : host with { ExtraHosts = [.. host.ExtraHosts.Where(static extra => !extra.EndsWith(ExtraHost.Gateway, StringComparison.Ordinal))] };

    // The bridge's address is the host's. Who leads out of another network is somebody else, and the host is not to be reached there.
    private static string? GatewayOf(Endpoint endpoint) =>
        !endpoint.IsBridged ? null : endpoint.Gateway.Length > 0 ? endpoint.Gateway : endpoint.IPv6Gateway.Length > 0 ? endpoint.IPv6Gateway : null;

    private static string Hosts(ContainerConfig config, HostConfig host, NetworkState? network, IReadOnlyList<ExtraHost>? links)
    {
        List<string> addresses = [];
        string? gateway = null;
        foreach (var endpoint in network?.Endpoints ?? [])
        {
            if (endpoint.IPAddress.Length > 0)
            {
                addresses.Add(endpoint.IPAddress);
            }

            gateway ??= GatewayOf(endpoint);
            if (endpoint.GlobalIPv6Address.Length > 0)
            {
                addresses.Add(endpoint.GlobalIPv6Address);
            }
        }

        var extra = new List<ExtraHost>();
        for (var index = 0; index < (host.ExtraHosts?.Count ?? 0); index++)
        {
            extra.Add(ExtraHost.Parse(host.ExtraHosts![index], gateway));
        }

        if (gateway is not null)
        {
            AddHost(extra, gateway);
        }

        extra.AddRange(links ?? []);
        return host.NetworkMode == "host" ? HostsFile.Shared(HostHosts(), extra) : HostsFile.Own(NamesOf(config), addresses, extra);
    }

    private static string Resolver(HostConfig host, NetworkState? network)
    {
        var resolver = HostResolver.Content();
        var (servers, search, options) = (host.Dns ?? [], host.DnsSearch ?? [], host.DnsOptions ?? []);
        return host.NetworkMode == "host" ? ResolverFile.Shared(resolver, servers, search, options)
            : network is { AnswersNames: true } ? ResolverFile.Answered(NameSockets.Address, resolver, search, options)
            : ResolverFile.Own(resolver, servers, search, options);
    }

    // The whole name and its first part, as docker has them, whichever flag gave the domain.
    private static string[] NamesOf(ContainerConfig config)
    {
        var whole = config.Domainname.Length == 0 ? config.Hostname : $"{config.Hostname}.{config.Domainname}";
        var dot = whole.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 ? [whole] : [whole, whole[..dot]];
    }

    // Docker's name for the host, and podman's; a name that the user gave an address has that one alone.
    private static void AddHost(List<ExtraHost> extra, string gateway)
    {
        foreach (var name in (ReadOnlySpan<string>)["host.docker.internal", "host.containers.internal"])
        {
            if (!extra.Exists(host => host.Name == name))
            {
                extra.Add(new(name, gateway));
            }
        }
    }

    private static string HostHosts() => FileTree.TryRead("/etc/hosts", 1 << 20) is { } content ? Encoding.UTF8.GetString(content) : "";

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

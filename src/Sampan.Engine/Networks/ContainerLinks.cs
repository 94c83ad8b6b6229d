using System.Net.Sockets;
using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Networking.Names;

namespace Sampan.Engine.Networks;

/// <summary>What docker's links on the default bridge come to: lines of /etc/hosts, and variables.</summary>
public static class ContainerLinks
{
    /// <summary>Finds the containers that are to be linked.</summary>
    /// <param name="links">As given; null for none.</param>
    /// <param name="containers">The containers.</param>
    /// <returns>Them; null for none.</returns>
    /// <exception cref="SampanException">InvalidArgument: no such container, or one without a network of its own; in docker's words.</exception>
    internal static IReadOnlyList<ContainerLink>? Resolve(IReadOnlyList<string>? links, ContainerStore containers)
    {
        List<ContainerLink>? result = null;
        foreach (var text in links ?? [])
        {
            var (name, alias) = LinkText.Parse(text);
            var child = containers.TryFind(name) ?? throw SampanException.InvalidArgument($"could not get container for {name}: No such container: {name}");
            while (NamespaceSpecs.JoinedContainer(child.HostConfig.NetworkMode) is { } donor)
            {
                child = containers.Find(donor);
            }

            if (child.HostConfig.NetworkMode == "host")
            {
                throw SampanException.InvalidArgument("conflicting options: host type networking can't be used with links. This would result in undefined behavior");
            }

            (result ??= []).Add(new() { Container = child.Id, Name = child.Name, Alias = alias });
        }

        return result;
    }

    /// <summary>Lines of /etc/hosts for a start.</summary>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <returns>Names and addresses; null for none.</returns>
    /// <exception cref="SampanException">Unavailable: what is linked does not run, or is not on the default bridge.</exception>
    internal static IReadOnlyList<ExtraHost>? Hosts(Container container, EnginePaths paths)
    {
        List<ExtraHost>? hosts = null;
        foreach (var link in container.Record.Links ?? [])
        {
            var child = Find(link, paths);
            var endpoint = Require(container, link, child);
            (hosts ??= []).Add(new(NamesOf(link, child!), endpoint.IPAddress));
        }

        return hosts;
    }

    /// <summary>The same of those that have an address now: others keep the line they have.</summary>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="network">The default bridge.</param>
    /// <returns>Names and addresses.</returns>
    internal static IReadOnlyList<ExtraHost> HostsNow(Container container, EnginePaths paths, NetworkRecord network)
    {
        List<ExtraHost> hosts = [];
        using var leases = AddressLeases.TryOpen(paths, network.Id);
        foreach (var (address, holder) in leases?.List() ?? [])
        {
            foreach (var link in address.AddressFamily == AddressFamily.InterNetwork ? container.Record.Links ?? [] : [])
            {
                if (link.Container == holder.Container && Find(link, paths) is { } child)
                {
                    hosts.Add(new(NamesOf(link, child), address.ToString()));
                }
            }
        }

        return hosts;
    }

    /// <summary>The variables of a container's processes.</summary>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="starts">It is about to start: what is linked must run.</param>
    /// <returns>NAME=value words.</returns>
    /// <exception cref="SampanException">Unavailable: what is linked does not run, or is not on the default bridge.</exception>
    internal static IReadOnlyList<string> Environment(Container container, EnginePaths paths, bool starts)
    {
        List<string> environment = [];
        foreach (var link in container.Record.Links ?? [])
        {
            var child = Find(link, paths);
            if (starts)
            {
                _ = Require(container, link, child);
            }

            if (child is not null && EndpointOf(child) is { } endpoint)
            {
                environment.AddRange(LinkEnvironment.Of($"/{container.Name}/{link.Alias}", endpoint.IPAddress, child.Config));
            }
        }

        return environment;
    }

    /// <summary>The links as inspect shows them.</summary>
    /// <param name="container">The container.</param>
    /// <param name="containers">The containers.</param>
    /// <returns>/NAME:/OWN-NAME/ALIAS; null for none.</returns>
    public static IReadOnlyList<string>? Describe(Container container, ContainerStore containers)
    {
        List<string>? links = null;
        foreach (var link in container.Record.Links ?? [])
        {
            (links ??= []).Add($"/{containers.TryFind(link.Container)?.Name ?? link.Name}:/{container.Name}/{link.Alias}");
        }

        return links;
    }

    private static Container? Find(ContainerLink link, EnginePaths paths) => new ContainerStore(paths).TryFind(link.Container);

    private static Endpoint Require(Container container, ContainerLink link, Container? child)
    {
        if (child is not null && child.Record.Endpoints?.Any(static settings => settings.Network == NetworkStore.Default) != true)
        {
            throw SampanException.Unavailable($"Cannot link to /{child.Name}, as it does not belong to the default network");
        }

        return (child is null ? null : EndpointOf(child))
            ?? throw SampanException.Unavailable($"Cannot link to a non running container: /{child?.Name ?? link.Name} AS /{container.Name}/{link.Alias}");
    }

    private static Endpoint? EndpointOf(Container child) =>
        child.State.Running ? child.Network?.Endpoints.FirstOrDefault(static endpoint => endpoint.Network == NetworkStore.Default) : null;

    private static string NamesOf(ContainerLink link, Container child) =>
        $"{link.Alias} {child.Config.Hostname}" + (link.Alias == child.Name ? "" : $" {child.Name}");
}

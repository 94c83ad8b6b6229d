using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Netlink;
using Sampan.Networking.Names;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Connects a container to a network, running or not; all or nothing. It keeps it over restarts.</summary>
    /// <param name="containerNameOrId">Which container.</param>
    /// <param name="settings">Which network, by name or id, and how.</param>
    /// <exception cref="SampanException">NotFound: no such container or network. InvalidArgument, Forbidden and Conflict: it cannot be, in docker's words.</exception>
    public void ConnectNetwork(string containerNameOrId, EndpointSettings settings)
    {
        var container = Containers.Find(containerNameOrId);
        var network = Networks.Find(settings.Network);
        ConnectionUpdate.CheckAdd(container.Record, network);
        settings = EndpointRequest.Resolve(settings, network, container.Record.Endpoints ?? []);
        using (var hold = TakeUnlessRunning(container))
        {
            if (hold is not null)
            {
                _names.Rewrite(container, record => ConnectionUpdate.Add(record, settings));
                return;
            }
        }

        _ = ConnectionUpdate.Add(container.Record, settings);
        SetUp(network);
        Change(container, new MonitorRequest { Operation = "connect", Endpoint = settings });
    }

    /// <summary>Takes a container off a network, running or not.</summary>
    /// <param name="containerNameOrId">Which container.</param>
    /// <param name="networkNameOrId">Which network.</param>
    /// <param name="force">What a container that is gone left on the network goes too.</param>
    /// <exception cref="SampanException">NotFound: no such container or network. Conflict: it is not on it.</exception>
    public void DisconnectNetwork(string containerNameOrId, string networkNameOrId, bool force)
    {
        if (Containers.TryFind(containerNameOrId) is not { } container)
        {
            if (!force)
            {
                throw SampanException.NotFound($"No such container: {containerNameOrId}");
            }

            RemoveRemains(containerNameOrId, Networks.Find(networkNameOrId));
            return;
        }

        // A network that is gone can be left by its name.
        var network = Networks.TryFind(networkNameOrId)?.Name
            ?? (container.Record.Endpoints?.Any(settings => settings.Network == networkNameOrId) == true ? networkNameOrId : throw SampanException.NotFound($"network {networkNameOrId} not found"));
        using (var hold = TakeUnlessRunning(container))
        {
            if (hold is not null)
            {
                _names.Rewrite(container, record => ConnectionUpdate.Remove(record, network));
                return;
            }
        }

        _ = ConnectionUpdate.Remove(container.Record, network);
        Change(container, new MonitorRequest { Operation = "disconnect", Network = network });
    }

    /// <summary>Ends a link of a container to another (--link), running or not; its variables go with the next start.</summary>
    /// <param name="link">/NAME/ALIAS, with or without the first slash.</param>
    /// <exception cref="SampanException">NotFound: no such container or link. Conflict: no link is named; in docker's words.</exception>
    public void RemoveLink(string link)
    {
        if (link.TrimStart('/').Split('/') is not [var name, var alias])
        {
            _ = Containers.Find(link);
            throw SampanException.Conflict("Conflict, cannot remove the default link name of the container");
        }

        var container = Containers.TryFind(name);
        if (container?.Record.Links?.FirstOrDefault(other => other.Alias == alias) is not { } gone)
        {
            throw SampanException.NotFound($"No such container: {name}/{alias}");
        }

        using (var hold = TakeUnlessRunning(container))
        {
            _names.Rewrite(container, record => record with { Links = record.Links?.Where(other => other != gone).ToList() is { Count: > 0 } rest ? rest : null });
            if (hold is null && TryConnect(container) is { } connection)
            {
                TellOfChange(connection, container);
            }
        }

        var hostname = Containers.TryFind(gone.Container)?.Config.Hostname ?? gone.Container[..12];
        NameFiles.Change(container, "hosts", content => HostsFile.Without(content, $"{alias} {hostname}"));
    }

    // Here and not in the container's monitor, which would have to wait for the networks' lock.
    private void SetUp(NetworkRecord network)
    {
        using var leases = AddressLeases.TryOpen(Paths, network.Id);
        if (leases is null)
        {
            new NetworkSetup(Paths).Bring(network.Name);
        }
    }

    private void Change(Container container, MonitorRequest request)
    {
        var connection = ConnectToEnd(container) ?? throw SampanException.Conflict("it ended meanwhile: try again");
        using (Ask(connection, request, FrameType.Done, container))
        {
            // Answered; nothing else is said on this connection.
        }
    }

    private void RemoveRemains(string nameOrId, NetworkRecord network)
    {
        string? id = null;
        using (var leases = AddressLeases.TryOpen(Paths, network.Id))
        {
            foreach (var (address, holder) in leases?.List() ?? [])
            {
                if ((holder.Name == nameOrId || holder.Container.StartsWith(nameOrId, StringComparison.Ordinal)) && Containers.TryFind(holder.Container) is null)
                {
                    leases!.Release(address);
                    id = holder.Container;
                }
            }
        }

        if (id is null)
        {
            throw SampanException.NotFound($"endpoint {nameOrId} not found");
        }

        using var host = NetworkStack.Open();
        var bridge = network.Driver == NetworkDriver.Bridge ? host.FindLink(network.Link)?.Index ?? -1 : -1;
        foreach (var link in host.Links())
        {
            if (link.Master == bridge && ContainerNetwork.IsDeviceOf(link.Name, id))
            {
                host.Apply(new NetworkChange().RemoveLink(link.Index, link.Name));
            }
        }

        new NetworkEvents(Paths).Disconnected(network, id);
    }
}

using Sampan.Engine.Networks;

namespace Sampan.Engine.Monitors;

/// <summary>Networks that come and go while the container runs, and what is told of those it has.</summary>
internal sealed partial class ContainerMonitor
{
    private List<NetworkRecord> _networks = [];

    private void ConnectNetwork(MonitorClient client, EndpointSettings settings)
    {
        if (_ledger.Connect(settings, Restarting ? null : _runtime) is { } network)
        {
            _networks.Add(network);
            _container.NetworkEvents.Connected(network, _container.Id);
        }

        Finish(client);
    }

    private void DisconnectNetwork(MonitorClient client, string name)
    {
        _ = _ledger.Disconnect(name, Restarting ? null : _runtime);
        if (!Restarting && _networks.Find(network => network.Name == name) is { } gone)
        {
            _networks.Remove(gone);
            _container.NetworkEvents.Disconnected(gone, _container.Id);
        }

        Finish(client);
    }

    private void Reload(MonitorClient client)
    {
        var name = _container.Name;
        _ledger.Reload();
        if (_container.Name != name && !Restarting)
        {
            _runtime.Rename();
        }

        Finish(client);
    }

    private void TellOfNetworks()
    {
        _networks = [.. _runtime.Networks];
        foreach (var network in _networks)
        {
            _container.NetworkEvents.Connected(network, _container.Id);
        }
    }

    private void TellOfNetworksLeft()
    {
        foreach (var network in _networks)
        {
            _container.NetworkEvents.Disconnected(network, _container.Id);
        }

        _networks = [];
    }
}

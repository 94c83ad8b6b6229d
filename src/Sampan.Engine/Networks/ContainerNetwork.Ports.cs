using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

internal sealed partial class ContainerNetwork
{
    // Absent where nothing is published: a start without ports makes nothing for them.
    private PublishedPorts? _ports;
    private bool _wasResumed;

    private PublishTarget? Target => PublishTarget.EndpointOf(_attachments.ConvertAll(static attachment => attachment.Endpoint)) is { } endpoint
        ? new(
            _container.Id, _container.Name, endpoint,
            BridgeOptions.Of(_attachments.Find(attachment => attachment.Endpoint.Id == endpoint.Id)!.Network.Options).HostAddress)
        : null;

    /// <summary>Opens and closes ports of the container, which runs, until they are what it is to have; all or nothing.</summary>
    /// <param name="host">What the host is to give.</param>
    /// <param name="isRemoved">Which were named to be closed: where equal ones were asked for, those go.</param>
    /// <param name="record">Called when all is done and can still be taken back; what it throws takes it back.</param>
    /// <exception cref="SampanException">All is as it was. Conflict: somebody has a port.</exception>
    /// <exception cref="LinuxException">The kernel refuses; all is as it was.</exception>
    public void ChangePorts(HostConfig host, Predicate<OpenPort> isRemoved, Action record)
    {
        var wanted = PublishedPorts.Wanted(host, _container.Config);
        if (Target is not { } target)
        {
            if (wanted.Count > PublishedPorts.Wanted(_container.HostConfig, _container.Config).Count)
            {
                throw SampanException.Conflict($"nothing leads to container {_container.Name}: none of its networks is a bridge with a way out");
            }

            record();
            return;
        }

        _ports ??= NewPorts(target);
        _ports.Change(target, wanted, isRemoved, (closed, opened, all) =>
        {
            var before = State;
            var (closing, opening) = (target.Describe(closed), target.Describe(opened));
            State = before with { Ports = all };
            try
            {
                Switch(closing, opening);
                record();
            }
            catch
            {
                State = before;
                Switch(opening, closing);
                throw;
            }
        });
    }

    private void ReservePorts(NetworkState? before)
    {
        var host = _container.HostConfig;
        if ((host.PortBindings is null && !host.PublishAllPorts) || Target is not { } target)
        {
            return;
        }

        _ports = NewPorts(target);
        _ports.Take(target, PublishedPorts.Wanted(host, _container.Config), before?.Ports);
    }

    // What others were told last is more than is true, should the monitor have been killed while it changed that; the record is what counts.
    private void ResumePorts(bool runs)
    {
        _wasResumed = true;
        var wanted = PublishedPorts.Wanted(_container.HostConfig, _container.Config);
        if (!runs || (wanted.Count == 0 && State.Ports is null) || Target is not { } target)
        {
            return;
        }

        _ports = NewPorts(target);
        _ports.TakeAgain(target, wanted, State.Ports ?? []);
        State = State with { Ports = _ports.Ports };
        State.Write(_paths.Run(_container.Id));
        _firewall.Ensure();
        var (closed, opened) = _firewall.Difference(_container.Id, target.Describe(_ports.Open));
        if (closed.Count > 0 || opened.Count > 0)
        {
            Switch(closed, opened);
        }
    }

    private PublishedPorts NewPorts(PublishTarget target)
    {
        var ports = new PublishedPorts(new(_paths));
        if (_loop is { } loop)
        {
            ports.Serve(loop, target);
        }

        return ports;
    }

    private List<PublishedPort> Describe() => _ports is { } ports && Target is { } target ? target.Describe(ports.Open) : [];

    /// <summary>Tells the packet filter, and whoever asks.</summary>
    private void Switch(List<PublishedPort> closed, List<PublishedPort> opened)
    {
        _firewall.Ensure();
        var networks = new NetworkStore(_paths);

        // Who writes the table anew meanwhile reads of these ports, or waits.
        using (networks.Share())
        {
            State.Write(_paths.Run(_container.Id));
            if (_firewall.TryReplace(closed, opened))
            {
                return;
            }
        }

        // Somebody has changed the table by hand.
        using var held = networks.Lock();
        _firewall.Write(networks);
    }

    private void ReleasePorts()
    {
        if (_wasResumed)
        {
            _firewall.WithdrawAll(_container.Id);
        }
        else
        {
            _firewall.Withdraw(Describe());
        }

        _ports?.Dispose();
        _ports = null;
    }
}

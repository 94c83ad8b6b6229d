using System.Net;
using System.Net.Sockets;
using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Netlink;
using Sampan.Networking.Firewall;

namespace Sampan.Engine.Networks;

/// <summary>
/// Networks that come and go while the container runs. What network.json says and the container's record does not is either on its way or on its way out:
/// where a monitor was killed in between, the next one takes it away (<see cref="Settle"/>).
/// </summary>
internal sealed partial class ContainerNetwork
{
    private NetworkState? _stateWithPorts;

    /// <summary>That of a container that runs and is on no network of ours yet.</summary>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="firewall">Kept by the caller.</param>
    /// <returns>One without devices.</returns>
    public static ContainerNetwork Unconnected(Container container, EnginePaths paths, NetworkFirewall firewall) => new(container, paths, firewall);

    /// <summary>Connects the container to one more network; all or nothing.</summary>
    /// <param name="settings">How.</param>
    /// <param name="process">A pidfd of its first process.</param>
    /// <param name="record">Called when all is done and can still be taken back; what it throws takes it back.</param>
    /// <returns>The network.</returns>
    /// <exception cref="SampanException">NotFound: the network is gone. Conflict: an address or a port is taken. Unavailable: no address is left.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public NetworkRecord Attach(EndpointSettings settings, FileDescriptor process, Action record)
    {
        var (state, ports) = (State, Describe());
        try
        {
            Take(settings, null);
            Order();
            ReservePortsLate();
            State = Snapshot();
            State.Write(_paths.Run(_container.Id));
            var added = Find(settings.Network)!;
            using (var place = NamespaceOf(process))
            {
                Plug(added, place);
            }

            Move(ports);
            NameFiles.Change(_container, state, State);
            record();
            ServeAgain();
            return added.Network;
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            if (Find(settings.Network) is { } half)
            {
                Unplug(half, process, state);
            }

            if (state.Ports is null)
            {
                ReleasePorts();
            }

            throw;
        }
    }

    /// <summary>Takes the container off a network.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="process">A pidfd of its first process.</param>
    /// <param name="record">Called first: from then on it is not on it, whoever is killed.</param>
    /// <param name="restore">Called where nothing has changed, and nothing will.</param>
    /// <returns>The network; null where it was recorded and nothing more.</returns>
    /// <exception cref="SampanException">What <paramref name="record"/> throws.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public NetworkRecord? Detach(string network, FileDescriptor process, Action record, Action restore)
    {
        record();
        if (Find(network) is not { } gone)
        {
            return null;
        }

        try
        {
            RemoveDevice(gone.Endpoint, _namespace);
        }
        catch (LinuxException)
        {
            restore();
            throw;
        }

        Unplug(gone, process, null);
        return gone.Network;
    }

    /// <summary>The container has another name: who asks for names, and who lists the network, is to hear it.</summary>
    public void Rename()
    {
        foreach (var attachment in _attachments)
        {
            using var leases = AddressLeases.TryOpen(_paths, attachment.Network.Id);
            var holder = HolderOf(attachment.Endpoint.Id, attachment.Endpoint.MacAddress, attachment.Settings);
            foreach (var address in attachment.Endpoint.Addresses)
            {
                leases?.Describe(address, holder);
            }
        }
    }

    /// <summary>Takes the devices away at once, with their addresses: who shares the container's network namespace keeps it, and others may get the addresses.</summary>
    public void RemoveDevices()
    {
        if (_namespace is null)
        {
            // Taken over when its container had ended already.
            SharedNetwork.RemoveDevices(_paths, _container.Record, State.Endpoints);
            return;
        }

        foreach (var endpoint in State.Endpoints)
        {
            RemoveDevice(endpoint, _namespace);
        }
    }

    /// <summary>Takes a container's device away.</summary>
    /// <param name="endpoint">How it was on a network.</param>
    /// <param name="place">The container's network namespace; null where nobody knows it: then only what has an end on the host goes.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void RemoveDevice(Endpoint endpoint, FileDescriptor? place)
    {
        if (!endpoint.IsBridged && place is null)
        {
            return;
        }

        using var stack = NetworkStack.Open(endpoint.IsBridged ? null : place);
        if (stack.FindLink(endpoint.IsBridged ? endpoint.HostDevice : endpoint.Device) is not { } link || (!endpoint.IsBridged && !IsOverParent(link)))
        {
            return;
        }

        try
        {
            stack.Apply(new NetworkChange().RemoveLink(link.Index, link.Name));
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ENODEV)
        {
            // It went with its namespace meanwhile.
            return;
        }
    }

    // The container may have given its name to something else.
    private static bool IsOverParent(NetworkLink link) => link.Kind is NetworkDriver.Macvlan or NetworkDriver.Ipvlan;

    // Null for a process that has ended, though nobody may have asked for its exit code yet: it is in no namespace any more (setns(2)).
    private static FileDescriptor? TryNamespaceOf(FileDescriptor process)
    {
        try
        {
            return NamespaceOf(process);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.ESRCH)
        {
            return null;
        }
    }

    private static FileDescriptor NamespaceOf(FileDescriptor process)
    {
        using (NetworkVisit.Enter(process))
        {
            return FileDescriptor.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);
        }
    }

    private Attachment? Find(string network) => _attachments.Find(attachment => attachment.Network.Name == network);

    private void Order() => _attachments.Sort(static (left, right) =>
        GatewayOrder.Compare(left.Network, left.Settings.GwPriority, right.Network, right.Settings.GwPriority));

    private NetworkState Snapshot() => new()
    {
        Endpoints = _attachments.ConvertAll(static attachment => attachment.Endpoint),
        Ports = _ports?.Ports,

        // What has begun to ask it goes on to.
        AnswersNames = State.AnswersNames || NeedsNameServer(_container, Networks),
    };

    // What it is called on the network, besides its own name and its short id: docker's DNSNames.
    private LeaseHolder HolderOf(string endpoint, string mac, EndpointSettings settings)
    {
        List<string> names = [.. settings.Aliases ?? []];
        var hostname = _container.Config.Hostname;
        if (hostname.Length > 0 && hostname != _container.Name && !_container.Id.StartsWith(hostname, StringComparison.Ordinal)
            && !hostname.AsSpan().ContainsAny(" \t\r\n") && !names.Contains(hostname))
        {
            names.Add(hostname);
        }

        return new(_container.Id, endpoint, mac, _container.Name, names);
    }

    private void Release(Attachment attachment)
    {
        using var leases = AddressLeases.TryOpen(_paths, attachment.Network.Id);
        foreach (var address in attachment.Endpoint.Addresses)
        {
            leases?.Release(address);
        }
    }

    // A container that had no way out has published nothing; it has the ports of before again if it can.
    private void ReservePortsLate()
    {
        if (_ports is null)
        {
            ReservePorts(_stateWithPorts);
        }
    }

    // Without a way out nothing is published, and a port that led nowhere would be kept from others.
    private void LetPortsGo()
    {
        if (_ports is null || Target is not null)
        {
            return;
        }

        _stateWithPorts = State;
        _ports.Dispose();
        _ports = null;
    }

    private void Plug(Attachment added, FileDescriptor place)
    {
        using (NetworkVisit.Enter(place))
        {
            // Before there is anything to be taken away again.
            KeepNamespace();
        }

        AddDevices([added], NetworkNamespaceReference.Of(place));
        using (NetworkVisit.Enter(place))
        {
            SetParameters(added);
            using var inside = NetworkStack.Open();
            var change = new NetworkChange();
            AddAddresses(change, inside, added);
            inside.Apply(change);
            MoveDefaultRoutes(inside);
            if (AnswersNames && _names is null)
            {
                _sockets ??= NameSockets.Open(DnsPort);
            }
        }
    }

    /// <summary>Takes a network away, whatever there is of it.</summary>
    /// <param name="gone">How the container was on it.</param>
    /// <param name="process">A pidfd of the container's first process; null where that is gone.</param>
    /// <param name="before">What was true before it came; null where it was there for good.</param>
    private void Unplug(Attachment gone, FileDescriptor? process, NetworkState? before)
    {
        var (state, ports) = (State, Describe());
        RemoveDevice(gone.Endpoint, _namespace);
        _attachments.Remove(gone);
        Release(gone);
        LetPortsGo();
        State = before ?? Snapshot();
        Move(ports);
        if (process is not null)
        {
            using (NetworkVisit.Enter(process))
            {
                using var inside = NetworkStack.Open();
                MoveDefaultRoutes(inside);
            }
        }

        NameFiles.Change(_container, state, State);
        ServeAgain();
    }

    // Published ports lead to the network that has the default route.
    private void Move(List<PublishedPort> before)
    {
        var after = Describe();
        if (after.SequenceEqual(before))
        {
            State.Write(_paths.Run(_container.Id));
        }
        else
        {
            Switch(before, after);
        }

        if (Target is { } target)
        {
            _ports?.Lead(target);
        }
    }

    // Only routes by the container's own gateways: what it set itself stays.
    private void MoveDefaultRoutes(NetworkStack inside)
    {
        const uint mainTable = 254;
        foreach (var isIPv6 in (ReadOnlySpan<bool>)[false, true])
        {
            var change = new NetworkChange();
            var wanted = DefaultRoute(isIPv6);
            var link = wanted is { } route ? inside.Link(route.Device).Index : 0;
            var isThere = false;
            foreach (var other in inside.Routes())
            {
                if (other.Destination.PrefixLength != 0 || other.Table != mainTable
                    || (other.Destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6) != isIPv6)
                {
                    continue;
                }

                if (wanted is not null && other.Link == link && Equals(other.Gateway, wanted.Value.Gateway))
                {
                    isThere = true;
                }
                else if (_attachments.Exists(attachment => IsOurs(inside, other, attachment)))
                {
                    change.RemoveRoute(other.Destination, other.Gateway, other.Link);
                }
                else
                {
                    isThere = true;
                }
            }

            if (!isThere && wanted is { } missing)
            {
                change.AddRoute(new(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0), missing.Gateway, link);
            }

            inside.Apply(change);
        }
    }

    // A route by a device has no gateway to tell whose it is.
    private static bool IsOurs(NetworkStack inside, NetworkRoute route, Attachment attachment) =>
        route.Gateway?.ToString() is { } gateway
            ? gateway == attachment.Endpoint.Gateway || gateway == attachment.Endpoint.IPv6Gateway
            : attachment.Network.IsRoutedByDevice && inside.FindLink(attachment.Endpoint.Device)?.Index == route.Link;

    private void ServeAgain()
    {
        if (_names is { } names)
        {
            names.Change(Networks);
        }

        if (_loop is { } loop)
        {
            Serve(loop);
        }
    }

    private void Settle(FileDescriptor? process)
    {
        var networks = new NetworkStore(_paths);
        List<Attachment> strays = [];
        List<IPAddress> kept = [];
        foreach (var endpoint in State.Endpoints)
        {
            if (networks.TryRead(endpoint.Network) is not { } network || network.Id != endpoint.NetworkId)
            {
                continue;
            }

            var settings = _container.Record.Endpoints?.FirstOrDefault(asked => asked.Network == network.Name);
            var attachment = new Attachment(network, settings ?? new() { Network = network.Name }, endpoint);
            _attachments.Add(attachment);
            if (settings is null)
            {
                strays.Add(attachment);
            }

            kept.AddRange(endpoint.Addresses);
        }

        if (process is not null && _attachments.Exists(static attachment => attachment.Network.IsOverParent))
        {
            _namespace = NamespaceOf(process);
        }

        ResumePorts(process is not null);
        foreach (var stray in strays)
        {
            Unplug(stray, process, null);
        }

        // A connect that was killed before it wrote down what it was about; a rename that came to no monitor.
        AddressLeases.ReleaseAll(_paths, _container.Id, kept);
        if (_attachments.Exists(IsMisnamed))
        {
            Rename();
        }
    }

    private bool IsMisnamed(Attachment attachment)
    {
        using var leases = AddressLeases.TryOpen(_paths, attachment.Network.Id);
        return leases?.HolderOf(attachment.Endpoint.Addresses[0]) is { } holder && holder.Container == _container.Id && holder.Name != _container.Name;
    }
}

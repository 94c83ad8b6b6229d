using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that say which networks a container is on, and which ports of it are published.</summary>
internal sealed class NetworkFlags
{
    private readonly List<EndpointSettings> _networks = [];
    private readonly List<(string Port, PortBinding Binding)> _published = [];
    private readonly List<string> _exposed = [];
    private readonly ListFlag _alias;
    private readonly ValueFlag<string> _ip;
    private readonly ValueFlag<string> _ip6;
    private readonly ListFlag _link;
    private readonly ListFlag _linkLocal;
    private readonly ValueFlag<string> _mac;
    private readonly ListFlag _expose;
    private readonly ListFlag _publish;
    private readonly Switch _publishAll;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public NetworkFlags(FlagSet flags)
    {
        _expose = flags.List("expose", '\0', "Expose a port or a range of ports");
        _ip = flags.Text("ip", '\0', "IPv4 address (e.g., 172.30.100.104)");
        _ip6 = flags.Text("ip6", '\0', "IPv6 address (e.g., 2001:db8::33)");
        _link = flags.List("link", '\0', "Add link to another container", check: LinkArgument.Check);
        _linkLocal = flags.List("link-local-ip", '\0', "Container IPv4/IPv6 link-local addresses");
        _mac = flags.Text("mac-address", '\0', "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
        var network = flags.List("network", '\0', "Connect a container to a network", "network", Add);
        _alias = flags.List("network-alias", '\0', "Add network-scoped alias for the container");
        _publish = flags.List("publish", 'p', "Publish a container's port(s) to the host");
        _publishAll = flags.Switch("publish-all", 'P', "Publish all exposed ports to random ports");
        flags.Alias("net", network);
        flags.Alias("net-alias", _alias);
    }

    /// <summary>Adds the mode.</summary>
    /// <param name="host">What the host gives so far.</param>
    /// <returns>The same with this.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a malformed port.</exception>
    public HostConfig Apply(HostConfig host)
    {
        ReadPorts();
        if (_networks.Count == 0)
        {
            _networks.Add(new() { Network = NetworkConfiguration.FromEnvironment().DefaultNetwork });
        }

        var bindings = new Dictionary<string, IReadOnlyList<PortBinding>>(StringComparer.Ordinal);
        foreach (var (port, binding) in _published)
        {
            bindings[port] = [.. bindings.GetValueOrDefault(port) ?? [], binding];
        }

        return host with
        {
            NetworkMode = _networks[0].Network,
            PortBindings = bindings.Count == 0 ? null : bindings,
            PublishAllPorts = _publishAll.Value,
            Links = _link.Changed && !IsUserDefined ? _link.Values : null,
        };
    }

    /// <summary>The ports that are exposed: by --expose, and by --publish.</summary>
    /// <returns>The ports (80/tcp); null for none.</returns>
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts()
    {
        var ports = new Dictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var port in _exposed)
        {
            ports[port] = new();
        }

        foreach (var (port, _) in _published)
        {
            ports[port] = new();
        }

        return ports.Count == 0 ? null : ports;
    }

    // There docker's links are an alias for this container alone; elsewhere lines of /etc/hosts.
    private bool IsUserDefined => _networks.Count > 0 && !NetworkStore.IsPredefined(_networks[0].Network) && !_networks[0].Network.StartsWith("container:", StringComparison.Ordinal);

    /// <summary>What the user is to know of the ports.</summary>
    /// <returns>A line each.</returns>
    public IEnumerable<string> Warnings() => PortWarnings.Of(_published.ConvertAll(static pair => pair.Port));

    /// <summary>The networks.</summary>
    /// <param name="mode">The mode that was applied.</param>
    /// <returns>None where the mode is none, host or container.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: flags that contradict each other, in docker's words.</exception>
    public IReadOnlyList<EndpointSettings> ToSettings(string mode)
    {
        if (mode is "none" or "host" || mode.StartsWith("container:", StringComparison.Ordinal))
        {
            Refuse(_networks.Count > 1, "conflicting options: cannot attach both user-defined and non-user-defined network-modes");
            Refuse(mode == "container:", "invalid container format container:<name|id>");
            var own = _networks[0];
            Refuse(_ip.Changed || _ip6.Changed || (own.IPv4Address ?? own.IPv6Address) is not null, "user specified IP address is supported on user defined networks only");
            Refuse(_alias.Changed || own.Aliases is not null, "network-scoped alias is supported only for containers in user defined networks");
            Refuse(_mac.Changed || own.MacAddress is not null, "conflicting options: mac-address and the network mode");
            Refuse(_linkLocal.Changed || own.LinkLocalIPs is not null, "user specified IP address is supported on user defined networks only");
            Refuse(own.DriverOpts is not null, "conflicting options: driver-opt and the network mode");
            Refuse(
                (_published.Count > 0 || _publishAll.Value) && mode != "host",
                mode == "none" ? "nothing can be published of a container without a network: give --network bridge" : "conflicting options: port publishing and the container type network mode");
            Refuse((_published.Count > 0 || _publishAll.Value) && mode == "host", "on the host's network ports are the host's already: leave --publish out");
            return [];
        }

        var first = _networks[0];
        Refuse(_ip.Changed && first.IPv4Address is not null, "conflicting options: cannot specify both --ip and per-network IPv4 address");
        Refuse(_ip6.Changed && first.IPv6Address is not null, "conflicting options: cannot specify both --ip6 and per-network IPv6 address");
        Refuse(_alias.Changed && first.Aliases is not null, "conflicting options: cannot specify both --network-alias and per-network alias");
        Refuse(_mac.Changed && first.MacAddress is not null, "conflicting options: cannot specify both --mac-address and per-network MAC address");
        Refuse(_linkLocal.Changed && first.LinkLocalIPs is not null, "conflicting options: cannot specify both --link-local-ip and per-network link-local IP addresses");
        first = first with
        {
            Links = IsUserDefined && _link.Changed ? _link.Values : null,
            LinkLocalIPs = _linkLocal.Changed ? _linkLocal.Values : first.LinkLocalIPs,
            Aliases = _alias.Changed ? _alias.Values : first.Aliases,
            IPv4Address = _ip.Changed ? _ip.Value : first.IPv4Address,
            IPv6Address = _ip6.Changed ? _ip6.Value : first.IPv6Address,
            MacAddress = _mac.Changed ? _mac.Value : first.MacAddress,
        };
        return [first, .. _networks[1..]];
    }

    private static void Refuse(bool condition, string complaint)
    {
        if (condition)
        {
            throw SampanException.InvalidArgument(complaint);
        }
    }

    // After all flags are read, as docker does: the complaint names no flag.
    private void ReadPorts()
    {
        try
        {
            foreach (var text in _publish.Values)
            {
                _published.AddRange(PublishArgument.Parse(text));
            }

            foreach (var text in _expose.Values)
            {
                _exposed.AddRange(PublishArgument.ParseExposed(text));
            }
        }
        catch (ValueException problem)
        {
            throw new SampanException(ErrorKind.InvalidArgument, problem.Message, problem);
        }
    }

    private string Add(string text)
    {
        var settings = NetworkArgument.Parse(text);

        _networks.Add(settings.Network == "default" ? settings with { Network = NetworkConfiguration.FromEnvironment().DefaultNetwork } : settings);
        return text;
    }
}

using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network connect.</summary>
internal sealed class ConnectNetworkCommand : Command
{
    private readonly ListFlag _alias;
    private readonly ListFlag _driverOption;
    private readonly ValueFlag<long> _priority;
    private readonly ValueFlag<string> _ip;
    private readonly ValueFlag<string> _ip6;
    private readonly ListFlag _link;
    private readonly ListFlag _linkLocal;

    /// <summary>Declares the flags.</summary>
    public ConnectNetworkCommand()
    {
        _alias = Flags.List("alias", '\0', "Add network-scoped alias for the container", "strings");
        _driverOption = Flags.List("driver-opt", '\0', "driver options for the network", "strings");
        _priority = Flags.Number("gw-priority", '\0', "Highest gw-priority provides the default gateway. Accepts positive and negative values.");
        _ip = Flags.Text("ip", '\0', "IPv4 address (e.g., \"172.30.100.104\")");
        _ip6 = Flags.Text("ip6", '\0', "IPv6 address (e.g., \"2001:db8::33\")");
        _link = Flags.List("link", '\0', "Add link to another container", check: LinkArgument.Check);
        _linkLocal = Flags.List("link-local-ip", '\0', "Add a link-local address for the container", "strings");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NETWORK CONTAINER";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.NetworkAndContainer;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Engine.ConnectNetwork(arguments[1], new()
        {
            Network = arguments[0],
            Aliases = _alias.Changed ? CommaList.Of(_alias) : null,
            Links = _link.Changed ? _link.Values : null,
            IPv4Address = _ip.Value.Length > 0 ? _ip.Value : null,
            IPv6Address = _ip6.Value.Length > 0 ? _ip6.Value : null,
            LinkLocalIPs = _linkLocal.Changed ? CommaList.Of(_linkLocal) : null,
            DriverOpts = _driverOption.Changed ? Options() : null,
            GwPriority = _priority.Value,
        });
        return 0;
    }

    private Dictionary<string, string> Options()
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in _driverOption.Values)
        {
            foreach (var field in FieldList.Split(text))
            {
                var equals = field.IndexOf('=', StringComparison.Ordinal);
                var name = equals > 0 ? field[..equals] : throw SampanException.InvalidArgument("invalid key/value pair format in driver options");
                options[name] = field[(equals + 1)..];
            }
        }

        return options;
    }
}

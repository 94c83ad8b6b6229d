using Sampan.Cli.Values;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network create.</summary>
internal sealed class CreateNetworkCommand : Command
{
    private readonly Switch _attachable;
    private readonly ListFlag _auxAddress;
    private readonly ValueFlag<string> _configFrom;
    private readonly Switch _configOnly;
    private readonly ValueFlag<string> _driver;
    private readonly ListFlag _gateway;
    private readonly Switch _internal;
    private readonly ListFlag _ipRange;
    private readonly ValueFlag<string> _ipamDriver;
    private readonly ListFlag _ipamOption;
    private readonly Switch _ipv4;
    private readonly Switch _ipv6;
    private readonly ListFlag _label;
    private readonly ListFlag _option;
    private readonly ValueFlag<string> _scope;
    private readonly ListFlag _subnet;

    /// <summary>Declares the flags.</summary>
    public CreateNetworkCommand()
    {
        _attachable = Flags.Switch("attachable", '\0', "Enable manual container attachment");
        _auxAddress = Flags.List("aux-address", '\0', "Auxiliary IPv4 or IPv6 addresses used by Network driver (default map[])", "map", CheckPair);
        _configFrom = Flags.Text("config-from", '\0', "The network from which to copy the configuration");
        _configOnly = Flags.Switch("config-only", '\0', "Create a configuration only network");
        _driver = Flags.Text("driver", 'd', "Driver to manage the Network", NetworkDriver.Bridge);
        _gateway = Flags.List("gateway", '\0', "IPv4 or IPv6 Gateway for the master subnet", "strings");
        _internal = Flags.Switch("internal", '\0', "Restrict external access to the network");
        _ipRange = Flags.List("ip-range", '\0', "Allocate container ip from a sub-range", "strings");
        _ipamDriver = Flags.Text("ipam-driver", '\0', "IP Address Management Driver", "default");
        _ipamOption = Flags.List("ipam-opt", '\0', "Set IPAM driver specific options (default map[])", "map", CheckPair);
        _ipv4 = Flags.Switch("ipv4", '\0', "Enable or disable IPv4 address assignment", initial: true);
        _ipv6 = Flags.Switch("ipv6", '\0', "Enable or disable IPv6 address assignment");
        _label = Flags.List("label", '\0', "Set metadata on a network", check: LabelArgument.Check);
        _option = Flags.List("opt", 'o', "Set driver specific options (default map[])", "map", CheckPair);
        _scope = Flags.Text("scope", '\0', "Control the network's scope");
        _subnet = Flags.List("subnet", '\0', "Subnet in CIDR format that represents a network segment", "strings");
        Flags.Alias("driver", _driver);
        Flags.Alias("subnet", _subnet);
        Flags.Refuse("it is for swarms", "ingress");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NETWORK";

    /// <inheritdoc/>
    public override Arity Arity => new(1, 1);

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_ipamDriver.Value != "default")
        {
            throw SampanException.NotFound($"error looking up IPAM plugin {_ipamDriver.Value}: plugin \"{_ipamDriver.Value}\" not found: use default");
        }

        var network = session.Engine.Networks.Create(new()
        {
            Name = arguments[0],
            Driver = _driver.Value,
            EnableIPv6 = _ipv6.Value,
            IPv6Only = !_ipv4.Value,
            ConfigOnly = _configOnly.Value,
            ConfigFrom = _configFrom.Value.Length > 0 ? _configFrom.Value : null,
            Scope = _scope.Value,
            Internal = _internal.Value,
            Attachable = _attachable.Value,
            Subnets = CommaList.Of(_subnet),
            Ranges = CommaList.Of(_ipRange),
            Gateways = CommaList.Of(_gateway),
            AuxiliaryAddresses = LabelArgument.ToMap(_auxAddress.Values),
            IpamOptions = _ipamOption.Changed ? LabelArgument.ToMap(_ipamOption.Values) : null,
            Options = _option.Changed ? LabelArgument.ToMap(_option.Values) : null,
            Labels = _label.Changed ? LabelArgument.ToMap(_label.Values) : null,
        });
        session.Out.WriteLine(network.Id);
        return 0;
    }

    private static string CheckPair(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) > 0 ? text : throw new ValueException($"invalid value '{text}': name=value is expected");
}

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
    private readonly ValueFlag<string> _driver;
    private readonly ListFlag _gateway;
    private readonly Switch _internal;
    private readonly ListFlag _ipRange;
    private readonly ValueFlag<string> _ipamDriver;
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
        _driver = Flags.Text("driver", 'd', "Driver to manage the Network", NetworkDriver.Bridge);
        _gateway = Flags.List("gateway", '\0', "IPv4 or IPv6 Gateway for the master subnet", "strings");
        _internal = Flags.Switch("internal", '\0', "Restrict external access to the network");
        _ipRange = Flags.List("ip-range", '\0', "Allocate container ip from a sub-range", "strings");
        _ipamDriver = Flags.Text("ipam-driver", '\0', "IP Address Management Driver", "default");
        _ipv6 = Flags.Switch("ipv6", '\0', "Enable or disable IPv6 address assignment");
        _label = Flags.List("label", '\0', "Set metadata on a network", check: LabelArgument.Check);
        _option = Flags.List("opt", 'o', "Set driver specific options (default map[])", "map", CheckPair);
        _scope = Flags.Text("scope", '\0', "Control the network's scope");
        _subnet = Flags.List("subnet", '\0', "Subnet in CIDR format that represents a network segment", "strings");
        Flags.Alias("driver", _driver);
        Flags.Alias("subnet", _subnet);
        Flags.Unsupported("config-from", "config-only", "ipam-opt", "ipv4");
        Flags.Refuse("it is for swarms", "ingress");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NETWORK";

    /// <inheritdoc/>
    public override Arity Arity => new(1, 1);

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_scope.Value is not ("" or "local"))
        {
            throw SampanException.InvalidArgument($"invalid scope \"{_scope.Value}\": networks of one host are local");
        }

        if (_ipamDriver.Value != "default")
        {
            throw SampanException.NotFound($"error looking up IPAM plugin {_ipamDriver.Value}: plugin \"{_ipamDriver.Value}\" not found: use default");
        }

        var network = session.Engine.Networks.Create(new()
        {
            Name = arguments[0],
            Driver = _driver.Value,
            EnableIPv6 = _ipv6.Value,
            Internal = _internal.Value,
            Attachable = _attachable.Value,
            Subnets = CommaList.Of(_subnet),
            Ranges = CommaList.Of(_ipRange),
            Gateways = CommaList.Of(_gateway),
            AuxiliaryAddresses = LabelArgument.ToMap(_auxAddress.Values),
            Options = _option.Changed ? LabelArgument.ToMap(_option.Values) : null,
            Labels = _label.Changed ? LabelArgument.ToMap(_label.Values) : null,
        });
        session.Out.WriteLine(network.Id);
        return 0;
    }

    private static string CheckPair(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) > 0 ? text : throw new ValueException($"invalid value '{text}': name=value is expected");
}

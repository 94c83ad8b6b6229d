using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Networks;

/// <summary>The options of docker's drivers macvlan and ipvlan; others are refused rather than ignored.</summary>
internal sealed record ParentOptions
{
    private const string MtuOption = "com.docker.network.driver.mtu";
    private const int LeastMtu = 68;
    private const int MostMtu = 65535;

    /// <summary>The host's device below (parent); null for one that leads nowhere.</summary>
    public string? Parent { get; private set; }

    /// <summary>What macvlan devices see of each other (macvlan_mode).</summary>
    public MacvlanMode MacvlanMode { get; private set; } = MacvlanMode.Bridge;

    /// <summary>On which layer ipvlan hands packets on (ipvlan_mode).</summary>
    public IpvlanMode IpvlanMode { get; private set; } = IpvlanMode.L2;

    /// <summary>What ipvlan devices see of each other (ipvlan_flag).</summary>
    public IpvlanFlag IpvlanFlag { get; private set; } = IpvlanFlag.Bridge;

    /// <summary>Bytes of the longest packet (com.docker.network.driver.mtu); 0 for the parent's.</summary>
    public int Mtu { get; private set; }

    /// <summary>Whether packets are handed on by routes: there are no neighbours, and no gateway.</summary>
    public bool IsRouted => IpvlanMode is IpvlanMode.L3 or IpvlanMode.L3S;

    /// <summary>Reads those of a network.</summary>
    /// <param name="network">One of either driver.</param>
    public static ParentOptions Of(NetworkRecord network) => Of(network.Driver, network.Options);

    /// <summary>Reads them.</summary>
    /// <param name="driver">macvlan or ipvlan.</param>
    /// <param name="options">Names and values; null is none.</param>
    /// <returns>The options.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an option that means nothing here, or a value that makes no sense; in docker's words.</exception>
    public static ParentOptions Of(string driver, IReadOnlyDictionary<string, string>? options)
    {
        var result = new ParentOptions();
        foreach (var (name, value) in options ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            result.Set(driver, name, value);
        }

        return result;
    }

    private void Set(string driver, string name, string value)
    {
        switch (name)
        {
            case "parent":
                Parent = ReadParent(driver, value);
                break;
            case "macvlan_mode" when driver == NetworkDriver.Macvlan:
                MacvlanMode = value switch
                {
                    "" or "bridge" => MacvlanMode.Bridge,
                    "private" => MacvlanMode.Private,
                    "vepa" => MacvlanMode.Vepa,
                    "passthru" => MacvlanMode.Passthru,
                    _ => throw SampanException.InvalidArgument($"requested macvlan mode '{value}' is not valid, 'bridge' mode is the macvlan driver default"),
                };
                break;
            case "ipvlan_mode" when driver == NetworkDriver.Ipvlan:
                IpvlanMode = value switch
                {
                    "" or "l2" => IpvlanMode.L2,
                    "l3" => IpvlanMode.L3,
                    "l3s" => IpvlanMode.L3S,
                    _ => throw SampanException.InvalidArgument($"requested ipvlan mode '{value}' is not valid, 'l2' mode is the ipvlan driver default"),
                };
                break;
            case "ipvlan_flag" when driver == NetworkDriver.Ipvlan:
                IpvlanFlag = value switch
                {
                    "" or "bridge" => IpvlanFlag.Bridge,
                    "private" => IpvlanFlag.Private,
                    "vepa" => IpvlanFlag.Vepa,
                    _ => throw SampanException.InvalidArgument($"requested ipvlan flag '{value}' is not valid, 'bridge' is the ipvlan driver default flag"),
                };
                break;
            case MtuOption:
                Mtu = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is >= LeastMtu and <= MostMtu
                    ? mtu
                    : throw SampanException.InvalidArgument($"invalid value \"{value}\" for network option {name}: a number from {LeastMtu} to {MostMtu} is expected");
                break;
            default:
                throw SampanException.InvalidArgument(
                    $"unknown network option \"{name}\" of driver {driver}: use parent, {(driver == NetworkDriver.Macvlan ? "macvlan_mode" : "ipvlan_mode, ipvlan_flag")} or {MtuOption}");
        }
    }

    private static string? ReadParent(string driver, string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (value == "lo")
        {
            throw SampanException.InvalidArgument($"loopback interface is not a valid {driver} parent link");
        }

        return BridgeOptions.IsDeviceName(value)
            ? value
            : throw SampanException.InvalidArgument($"invalid value \"{value}\" for network option parent: a device's name of at most 15 characters is expected");
    }
}

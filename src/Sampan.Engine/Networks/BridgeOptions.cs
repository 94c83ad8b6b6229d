using System.Globalization;
using System.Net;
using Sampan.Linux;
using Sampan.Linux.Netlink;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

/// <summary>The options of docker's bridge driver that mean something here; others are refused rather than ignored.</summary>
internal sealed record BridgeOptions
{
    private const string Prefix = "com.docker.network.";
    private const int LeastMtu = 68;
    private const int MostMtu = 65535;

    /// <summary>Longer and the kernel has no room for the number behind it.</summary>
    private const int LongestPrefix = NetworkDevice.LongestName - 3;

    /// <summary>Name of the bridge (com.docker.network.bridge.name); null for one of our choice.</summary>
    public string? Link { get; private set; }

    /// <summary>Whether containers reach each other (com.docker.network.bridge.enable_icc).</summary>
    public bool Together { get; private set; } = true;

    /// <summary>Whether addresses are hidden behind the host's (com.docker.network.bridge.enable_ip_masquerade).</summary>
    public bool Masquerade { get; private set; } = true;

    /// <summary>The host's address that ports are published on where none is said (com.docker.network.bridge.host_binding_ipv4); null for the host's usual one.</summary>
    public IPAddress? HostAddress { get; private set; }

    /// <summary>Bytes of the longest packet (com.docker.network.driver.mtu); 0 for the kernel's choice.</summary>
    public int Mtu { get; private set; }

    /// <summary>What a container's device is called, before its number (com.docker.network.container_iface_prefix).</summary>
    public string InterfacePrefix { get; private set; } = "eth";

    /// <summary>Reads them.</summary>
    /// <param name="options">Names and values; null is none.</param>
    /// <returns>The options.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an option that means nothing here, or a value that makes no sense.</exception>
    public static BridgeOptions Of(IReadOnlyDictionary<string, string>? options)
    {
        var result = new BridgeOptions();
        foreach (var (name, value) in options ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            result.Set(name, value);
        }

        return result;
    }

    /// <summary>The kernel's own rule (net/core/dev.c, dev_valid_name), without its patterns.</summary>
    public static bool IsDeviceName(string name, int longest = NetworkDevice.LongestName)
    {
        var valid = name.Length > 0 && name.Length <= longest && name is not ("." or "..");
        foreach (var character in name)
        {
            valid &= character is not ('/' or ':' or '%') && char.IsAscii(character) && !char.IsWhiteSpace(character) && !char.IsControl(character);
        }

        return valid;
    }

    private static bool IsYes(string name, string value) => value switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => throw Invalid(name, value, "true or false"),
    };

    private static SampanException Invalid(string name, string value, string wanted) =>
        SampanException.InvalidArgument($"invalid value \"{value}\" for network option {name}: {wanted} is expected");

    private void Set(string name, string value)
    {
        switch (name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : "")
        {
            case "bridge.name":
                Link = IsDeviceName(value) ? value : throw Invalid(name, value, "a device's name of at most 15 characters");
                break;
            case "bridge.enable_icc":
                Together = IsYes(name, value);
                break;
            case "bridge.enable_ip_masquerade":
                Masquerade = IsYes(name, value);
                break;
            case "bridge.host_binding_ipv4":
                HostAddress = AddressPrefix.TryParseAddress(value) is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork } address
                    ? address
                    : throw Invalid(name, value, "an IPv4 address");
                break;
            case "driver.mtu":
                Mtu = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is >= LeastMtu and <= MostMtu
                    ? mtu
                    : throw Invalid(name, value, $"a number from {LeastMtu} to {MostMtu}");
                break;
            case "container_iface_prefix":
                InterfacePrefix = IsDeviceName(value, LongestPrefix) ? value : throw Invalid(name, value, $"at most {LongestPrefix} characters that a device's name can have");
                break;
            default:
                throw SampanException.InvalidArgument(
                    $"unknown network option \"{name}\": use {Prefix}bridge.name, .bridge.enable_icc, .bridge.enable_ip_masquerade, .bridge.host_binding_ipv4, "
                    + ".driver.mtu or .container_iface_prefix");
        }
    }
}

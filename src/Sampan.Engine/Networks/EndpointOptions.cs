using Sampan.Linux;

namespace Sampan.Engine.Networks;

/// <summary>The options of docker's for a container's device on a network; others are refused rather than ignored.</summary>
internal sealed record EndpointOptions
{
    private const string DeviceOption = "com.docker.network.endpoint.ifname";
    private const string ParameterOption = "com.docker.network.endpoint.sysctls";
    private const string Placeholder = "IFNAME";

    private List<(string Name, string Value)>? _parameters;

    /// <summary>What the device is called (com.docker.network.endpoint.ifname); null for one of our choice.</summary>
    public string? Device { get; private set; }

    /// <summary>Whether parameters of the kernel are set for the device.</summary>
    public bool HasParameters => _parameters is not null;

    /// <summary>Reads them.</summary>
    /// <param name="options">Names and values; null is none.</param>
    /// <returns>The options.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an option that means nothing here, or a value that makes no sense.</exception>
    public static EndpointOptions Of(IReadOnlyDictionary<string, string>? options)
    {
        var result = new EndpointOptions();
        foreach (var (name, value) in options ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            result.Set(name, value);
        }

        return result;
    }

    /// <summary>The parameters of the kernel (com.docker.network.endpoint.sysctls).</summary>
    /// <param name="device">The device's name, which stands for IFNAME.</param>
    /// <returns>Names below /proc/sys/net, and values.</returns>
    public IEnumerable<(string Name, string Value)> ParametersOf(string device)
    {
        foreach (var (name, value) in _parameters ?? [])
        {
            yield return (name.Replace(Placeholder, device, StringComparison.Ordinal), value);
        }
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case DeviceOption:
                // Both are directories beside the devices' in /proc/sys/net.
                Device = BridgeOptions.IsDeviceName(value) && value is not ("lo" or "all" or "default")
                    ? value
                    : throw Invalid(name, value, "a device's name of at most 15 characters");
                break;
            case ParameterOption:
                foreach (var setting in value.Split(','))
                {
                    (_parameters ??= []).Add(ReadParameter(setting));
                }

                break;
            default:
                throw SampanException.InvalidArgument($"unknown driver option \"{name}\" of a container on a network: use {DeviceOption} or {ParameterOption}");
        }
    }

    // net.ipv4.conf.IFNAME.log_martians=1: of this one device, so no other place of the namespace can be named.
    private static (string Name, string Value) ReadParameter(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        var valid = equals > 0 && equals < setting.Length - 1
            && setting[..equals].Split('.') is ["net", "ipv4" or "ipv6" or "mpls", var kind, Placeholder, var parameter] && IsWord(kind) && IsWord(parameter);
        return valid
            ? (setting["net.".Length..equals].Replace('.', '/'), setting[(equals + 1)..])
            : throw Invalid(ParameterOption, setting, "net.FAMILY.KIND.IFNAME.NAME=VALUE");
    }

    private static bool IsWord(string text)
    {
        var valid = text.Length > 0;
        foreach (var character in text)
        {
            valid &= char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_';
        }

        return valid;
    }

    private static SampanException Invalid(string name, string value, string wanted) =>
        SampanException.InvalidArgument($"invalid value \"{value}\" for driver option {name}: {wanted} is expected");
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

/// <summary>
/// What an administrator decides for all networks of a host: networks.json, in the directory $SAMPAN_CONFIG names or in /etc/sampan. Its keys are
/// those of docker's daemon.json. One that is not known is refused rather than passed over.
/// </summary>
public sealed record NetworkConfiguration
{
    /// <summary>The variable of the environment that names the directory in place of /etc/sampan.</summary>
    internal const string Variable = "SAMPAN_CONFIG";

    private const string None = "none";

    /// <summary>Whether a container that names no network is on the network "bridge"; the key "bridge" with the value "none" says no.</summary>
    public bool IsBridged { get; private set; } = true;

    /// <summary>The network of a container that names none.</summary>
    public string DefaultNetwork => IsBridged ? NetworkStore.Default : None;

    /// <summary>Where networks without a prefix of their own get theirs (default-address-pools).</summary>
    public IReadOnlyList<AddressPool> Pools { get; private set; } = AddressPool.Default;

    /// <summary>The host's address that ports are published on where neither they nor their network say (ip); null for all addresses.</summary>
    public IPAddress? HostAddress { get; private set; }

    /// <summary>Reads the host's.</summary>
    /// <returns>The usual where there is no file.</returns>
    /// <exception cref="SampanException">InvalidArgument: the file is malformed.</exception>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static NetworkConfiguration FromEnvironment()
    {
        var directory = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given.TrimEnd('/') : "/etc/sampan";
        return Read(directory + "/networks.json");
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <inheritdoc cref="FromEnvironment"/>
    public static NetworkConfiguration Read(string path)
    {
        if (FileTree.TryRead(path, 1 << 20) is not { } content)
        {
            return new();
        }

        try
        {
            var configuration = new NetworkConfiguration();
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("an object is expected");
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                configuration.Set(member.Name, member.Value);
            }

            return configuration;
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{path}: {problem.Message}", problem);
        }
    }

    private static FormatException Wrong(string key, string wanted) => new($"{key}: {wanted} is expected");

    private static string Text(string key, JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, "a string");

    private static List<AddressPool> ReadPools(string key, JsonElement value)
    {
        const string wanted = "a list like [{\"base\": \"10.10.0.0/16\", \"size\": 24}]";
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            throw Wrong(key, wanted);
        }

        List<AddressPool> pools = [];
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw Wrong(key, wanted);
            }

            List<string> parts = [];
            foreach (var member in item.EnumerateObject())
            {
                parts.Add(member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number)
                    ? $"{member.Name}={number.ToString(CultureInfo.InvariantCulture)}"
                    : $"{member.Name}={Text(key, member.Value)}");
            }

            pools.Add(AddressPool.TryParse(string.Join(',', parts)) ?? throw Wrong(key, wanted));
        }

        return pools;
    }

    private void Set(string key, JsonElement value)
    {
        switch (key)
        {
            case "bridge":
                IsBridged = Text(key, value) == None ? false : throw Wrong(key, "\"none\"");
                break;
            case "default-address-pools":
                Pools = ReadPools(key, value);
                break;
            case "ip":
                HostAddress = AddressPrefix.TryParseAddress(Text(key, value)) ?? throw Wrong(key, "an IP address");
                break;
            default:
                throw new FormatException($"unknown key \"{key}\": use bridge, default-address-pools or ip");
        }
    }
}

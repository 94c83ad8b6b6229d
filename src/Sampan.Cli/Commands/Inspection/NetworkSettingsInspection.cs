using System.Text.Json;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>How a container is connected, in the shape of docker's API.</summary>
internal static class NetworkSettingsInspection
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="container">The container.</param>
    /// <param name="state">Its state: one that does not run has no addresses.</param>
    public static void Write(Utf8JsonWriter writer, Container container, ContainerState state)
    {
        var connected = (state.Running ? container.Network?.Endpoints : null) ?? [];
        var mode = container.HostConfig.NetworkMode;
        Endpoint? ofDefault = null;
        foreach (var endpoint in connected)
        {
            ofDefault = endpoint.Network == NetworkStore.Default ? endpoint : ofDefault;
        }

        writer.WriteStartObject("NetworkSettings");
        WritePorts(writer, container, state);

        // As with docker, that which is always there is shown here too.
        WriteAddresses(writer, ofDefault ?? new());
        writer.WriteString("MacAddress", ofDefault?.MacAddress ?? "");
        writer.WriteStartObject("Networks");
        if (container.Record.Endpoints is { } asked)
        {
            foreach (var settings in asked)
            {
                WriteNetwork(writer, container, settings, Find(connected, settings.Network));
            }
        }
        else if (!mode.StartsWith("container:", StringComparison.Ordinal))
        {
            writer.WriteStartObject(mode);
            WriteAddresses(writer, new());
            writer.WriteString("MacAddress", "");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePorts(Utf8JsonWriter writer, Container container, ContainerState state)
    {
        writer.WriteStartObject("Ports");
        var open = (state.Running ? container.Network?.Ports : null) ?? [];
        var exposed = state.Running && container.Record.Endpoints is not null ? container.Config.ExposedPorts?.Keys ?? [] : [];
        foreach (var key in open.Select(static port => port.Key).Union(exposed, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!open.Any(port => port.Key == key))
            {
                writer.WriteNull(key);
                continue;
            }

            writer.WriteStartArray(key);
            foreach (var port in open.Where(port => port.Key == key))
            {
                writer.WriteStartObject();
                writer.WriteString("HostIp", port.HostIp);
                writer.WriteString("HostPort", port.HostPort.ToString(System.Globalization.CultureInfo.InvariantCulture));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static Endpoint Find(IReadOnlyList<Endpoint> endpoints, string network)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Network == network)
            {
                return endpoint;
            }
        }

        return new();
    }

    // In the order of docker's EndpointSettings: what was asked for, then what is.
    private static void WriteNetwork(Utf8JsonWriter writer, Container container, EndpointSettings settings, Endpoint endpoint)
    {
        writer.WriteStartObject(settings.Network);
        WriteAddressing(writer, settings);
        WriteList(writer, "Links", settings.Links);
        WriteList(writer, "Aliases", settings.Aliases);
        writer.WriteString("MacAddress", endpoint.MacAddress);
        if (settings.DriverOpts is null)
        {
            writer.WriteNull("DriverOpts");
        }
        else
        {
            writer.WritePropertyName("DriverOpts");
            InspectJson.StringMap.Write(writer, settings.DriverOpts);
        }

        writer.WriteNumber("GwPriority", settings.GwPriority);
        writer.WriteString("NetworkID", endpoint.NetworkId);
        writer.WriteString("EndpointID", endpoint.Id);
        WriteAddresses(writer, endpoint);
        WriteList(writer, "DNSNames", NetworkStore.IsPredefined(settings.Network) || endpoint.Id.Length == 0 ? null : NamesOf(container, settings));
        writer.WriteEndObject();
    }

    private static void WriteAddressing(Utf8JsonWriter writer, EndpointSettings settings)
    {
        if ((settings.IPv4Address ?? settings.IPv6Address) is null && settings.LinkLocalIPs is null)
        {
            writer.WriteNull("IPAMConfig");
            return;
        }

        writer.WriteStartObject("IPAMConfig");
        WriteGiven(writer, "IPv4Address", settings.IPv4Address);
        WriteGiven(writer, "IPv6Address", settings.IPv6Address);
        if (settings.LinkLocalIPs is { } addresses)
        {
            WriteList(writer, "LinkLocalIPs", addresses);
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WritePropertyName(name);
        InspectJson.Strings.Write(writer, values);
    }

    // What it is found by on the network; the first is what its address leads back to.
    private static List<string> NamesOf(Container container, EndpointSettings settings)
    {
        List<string> names = [container.Name];
        foreach (var name in (IEnumerable<string>)[.. settings.Aliases ?? [], container.Id[..12], container.Config.Hostname])
        {
            if (name.Length > 0 && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static void WriteGiven(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteAddresses(Utf8JsonWriter writer, Endpoint endpoint)
    {
        writer.WriteString("Gateway", endpoint.Gateway);
        writer.WriteString("IPAddress", endpoint.IPAddress);
        writer.WriteNumber("IPPrefixLen", endpoint.IPPrefixLen);
        writer.WriteString("IPv6Gateway", endpoint.IPv6Gateway);
        writer.WriteString("GlobalIPv6Address", endpoint.GlobalIPv6Address);
        writer.WriteNumber("GlobalIPv6PrefixLen", endpoint.GlobalIPv6PrefixLen);
    }
}

using System.Text.Json;
using Sampan.Cli.Formatting;
using Sampan.Engine.Networks;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>A network in the shape of docker's API (GET /networks/{id}).</summary>
internal static class NetworkInspection
{
    /// <summary>Makes the document.</summary>
    /// <param name="network">The network.</param>
    /// <param name="members">Who is on it.</param>
    /// <returns>The document.</returns>
    public static JsonDocument Of(NetworkRecord network, IReadOnlyList<NetworkMember> members) => JsonDocuments.Make(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Name", network.Name);
        writer.WriteString("Id", network.Id);
        writer.WriteString("Created", Timestamp.Rfc3339(network.Created));
        writer.WriteString("Scope", "local");
        writer.WriteString("Driver", network.Driver);
        writer.WriteBoolean("EnableIPv4", !network.IPv6Only);
        writer.WriteBoolean("EnableIPv6", network.EnableIPv6);
        WriteAddressing(writer, network);
        writer.WriteBoolean("Internal", network.Internal);
        writer.WriteBoolean("Attachable", network.Attachable);
        writer.WriteBoolean("Ingress", false);
        writer.WriteStartObject("ConfigFrom");
        writer.WriteString("Network", network.ConfigFrom ?? "");
        writer.WriteEndObject();
        writer.WriteBoolean("ConfigOnly", network.ConfigOnly);
        writer.WriteStartObject("Containers");
        foreach (var member in members)
        {
            writer.WriteStartObject(member.Container);
            writer.WriteString("Name", member.Name);
            writer.WriteString("EndpointID", member.Endpoint);
            writer.WriteString("MacAddress", member.MacAddress);
            writer.WriteString("IPv4Address", member.IPv4Address);
            writer.WriteString("IPv6Address", member.IPv6Address);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteMap(writer, "Options", network.Options);
        WriteMap(writer, "Labels", network.Labels);
        writer.WriteEndObject();
    });

    private static void WriteAddressing(Utf8JsonWriter writer, NetworkRecord network)
    {
        writer.WriteStartObject("IPAM");
        writer.WriteString("Driver", "default");
        WriteMap(writer, "Options", network.IpamOptions);
        writer.WriteStartArray("Config");
        foreach (var addressing in network.Addressing)
        {
            writer.WriteStartObject();
            writer.WriteString("Subnet", addressing.Subnet);
            if (addressing.IPRange is { } range)
            {
                writer.WriteString("IPRange", range);
            }

            if (addressing.Gateway.Length > 0)
            {
                writer.WriteString("Gateway", addressing.Gateway);
            }

            if (addressing.AuxiliaryAddresses is { } auxiliary)
            {
                WriteMap(writer, "AuxiliaryAddresses", auxiliary);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? map)
    {
        writer.WritePropertyName(name);
        InspectJson.StringMap.Write(writer, map ?? new Dictionary<string, string>(StringComparer.Ordinal));
    }
}

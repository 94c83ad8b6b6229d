using Sampan.Cli.Formatting;
using Sampan.Engine.Networks;

namespace Sampan.Cli.Commands.Networks;

/// <summary>A line of network ls.</summary>
/// <param name="Network">The network.</param>
/// <param name="Truncate">Ids are shortened.</param>
internal sealed record NetworkRow(NetworkRecord Network, bool Truncate)
{
    /// <summary>Docker's name of it in errors of templates.</summary>
    public const string TypeName = "*network.networkContext";

    /// <summary>The fields a format may name.</summary>
    public static IReadOnlyList<Column<NetworkRow>> Columns { get; } =
    [
        new("CreatedAt", "CREATED AT", static row => Timestamp.Local(row.Network.Created)),
        new("Driver", "DRIVER", static row => row.Network.Driver),
        new("ID", "NETWORK ID", static row => row.Id),
        new("IPv4", "IPV4", static row => row.Network.IPv6Only ? "false" : "true"),
        new("IPv6", "IPV6", static row => row.Network.EnableIPv6 ? "true" : "false"),
        new("Internal", "INTERNAL", static row => row.Network.Internal ? "true" : "false"),
        new("Labels", "LABELS", Labels),
        new("Name", "NAME", static row => row.Network.Name),
        new("Scope", "SCOPE", static _ => "local"),
    ];

    /// <summary>The id, shortened unless told otherwise.</summary>
    public string Id => Truncate ? Ellipsis.Id(Network.Id) : Network.Id;

    private static string Labels(NetworkRow row)
    {
        var labels = new List<string>();
        foreach (var (name, value) in row.Network.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            labels.Add($"{name}={value}");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }
}

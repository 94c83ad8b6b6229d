using System.Globalization;
using Sampan.Cli.Formatting;
using Sampan.Engine.Volumes;

namespace Sampan.Cli.Commands.Volumes;

/// <summary>A line of volume ls, and of the volumes in system df -v.</summary>
/// <param name="Volume">The volume.</param>
internal sealed record VolumeRow(Volume Volume)
{
    /// <summary>Docker's name of it in errors of templates.</summary>
    public const string TypeName = "*formatter.volumeContext";

    /// <summary>The fields a format may name; availability, group and status are a cluster's.</summary>
    public static IReadOnlyList<Column<VolumeRow>> Columns { get; } =
    [
        new("Availability", "AVAILABILITY", static _ => "N/A"),
        new("Driver", "DRIVER", static row => row.Volume.Record.Driver),
        new("Group", "GROUP", static _ => "N/A"),
        new("Labels", "LABELS", Labels),
        new("Links", "LINKS", static row => row.Links?.ToString(CultureInfo.InvariantCulture) ?? "N/A"),
        new("Mountpoint", "MOUNTPOINT", static row => row.Volume.Mountpoint),
        new("Name", "VOLUME NAME", static row => row.Volume.Name),
        new("Scope", "SCOPE", static _ => "local"),
        new("Size", "SIZE", static row => row.Size?.Invoke() ?? "N/A"),
        new("Status", "STATUS", static _ => "N/A"),
    ];

    /// <summary>How many containers use it; null where nobody counted.</summary>
    public int? Links { get; init; }

    /// <summary>Its size for people, worked out when it is asked for; null where nobody is to walk over its files.</summary>
    public Func<string>? Size { get; init; }

    private static string Labels(VolumeRow row)
    {
        var labels = new List<string>();
        foreach (var (name, value) in row.Volume.Record.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            labels.Add($"{name}={value}");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }
}

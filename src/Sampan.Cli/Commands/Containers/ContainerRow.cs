using System.Globalization;
using Sampan.Cli.Formatting;
using Sampan.Engine.Containers;

namespace Sampan.Cli.Commands.Containers;

/// <summary>A container as ps lists it. Its state is read once.</summary>
/// <param name="container">The container.</param>
/// <param name="now">What "ago" is relative to.</param>
/// <param name="truncate">Ids and commands are shortened.</param>
internal sealed class ContainerRow(Container container, DateTimeOffset now, bool truncate)
{
    /// <summary>The fields a format may name.</summary>
    public static IReadOnlyList<Column<ContainerRow>> Columns { get; } =
    [
        new("Command", "COMMAND", static row => row.Command),
        new("CreatedAt", "CREATED AT", static row => Timestamp.Local(row.Container.Created)),
        new("ID", "CONTAINER ID", static row => row.Id),
        new("Image", "IMAGE", static row => row.Image),
        new("Labels", "LABELS", static row => row.Labels),
        new("LocalVolumes", "LOCAL VOLUMES", static row => row.LocalVolumes),
        new("Mounts", "MOUNTS", static row => row.Mounts),
        new("Names", "NAMES", static row => row.Container.Name),
        new("Networks", "NETWORKS", static row => string.Join(',', row.Container.Networks)),
        new("Ports", "PORTS", static row => PortList.Of(row.Container, row.State)),
        new("RunningFor", "CREATED", static row => HumanDuration.Format(row.Now - row.Container.Created) + " ago"),
        new("Size", "SIZE", static row => row.Size()),
        new("State", "STATE", static row => row.State.StatusName),
        new("Status", "STATUS", static row => row.Status),
    ];

    /// <summary>The container.</summary>
    public Container Container { get; } = container;

    /// <summary>Its state.</summary>
    public ContainerState State { get; } = container.State;

    /// <summary>What it wrote, and with its image, for people; asked for only where it is shown, since it costs a walk over all files.</summary>
    public Func<string> Size { get; init; } = static () => "0B";

    /// <summary>Whether its health check finds it healthy: starting, healthy or unhealthy; "none" without a check.</summary>
    public string Health => State.Health is { Length: > 0 } health ? health : "none";

    /// <summary>The id, shortened unless told otherwise.</summary>
    public string Id => truncate ? Ellipsis.Id(Container.Id) : Container.Id;

    private DateTimeOffset Now => now;

    private string Image
    {
        get
        {
            if (Container.HostConfig.Rootfs is { } rootfs)
            {
                return rootfs;
            }

            // Started by its id, an image is shown by its short one.
            var image = Container.Config.Image;
            var isId = image == Container.ImageId || (image.Length > Ellipsis.ShortId && Container.ImageId.EndsWith(image, StringComparison.Ordinal));
            return truncate && isId ? Ellipsis.Id(image) : image;
        }
    }

    private string Command
    {
        get
        {
            var text = Container.Path;
            foreach (var argument in Container.Args)
            {
                text += argument.Contains(' ', StringComparison.Ordinal) ? $" '{argument}'" : " " + argument;
            }

            return Quote(truncate ? Ellipsis.Cut(text, 20) : text);
        }
    }

    private string Status => Container.IsDamaged && !State.Running ? "Dead (record damaged)" : State.StatusName switch
    {
        "running" => $"Up {HumanDuration.Format(now - State.StartedAt)}{HealthNote}",
        "paused" => $"Up {HumanDuration.Format(now - State.StartedAt)} (Paused)",
        "restarting" => string.Create(CultureInfo.InvariantCulture, $"Restarting ({State.ExitCode}) {HumanDuration.Format(now - State.FinishedAt)} ago"),
        "exited" => string.Create(CultureInfo.InvariantCulture, $"Exited ({State.ExitCode}) {HumanDuration.Format(now - State.FinishedAt)} ago"),
        "created" => "Created",
        "removing" => "Removal In Progress",
        _ => "Dead",
    };

    private string HealthNote => Health switch
    {
        "none" => "",
        "starting" => " (health: starting)",
        var health => $" ({health})",
    };

    private string Labels
    {
        get
        {
            var labels = new List<string>();
            foreach (var (name, value) in Container.Config.Labels)
            {
                labels.Add($"{name}={value}");
            }

            labels.Sort(StringComparer.Ordinal);
            return string.Join(',', labels);
        }
    }

    private string LocalVolumes
    {
        get
        {
            var count = 0;
            foreach (var mount in Container.Mounts)
            {
                count += mount.Driver == "local" ? 1 : 0;
            }

            return count.ToString(CultureInfo.InvariantCulture);
        }
    }

    private string Mounts
    {
        get
        {
            var names = new List<string>();
            foreach (var mount in Container.Mounts)
            {
                var name = mount.Name ?? mount.Source;
                names.Add(truncate ? Ellipsis.Cut(name, 15) : name);
            }

            return string.Join(',', names);
        }
    }

    // As Go's strconv.Quote, for what commands hold.
    private static string Quote(string text) => "\"" + text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal) + "\"";
}

using System.Globalization;
using Sampan.Cli.Commands.Containers;
using Sampan.Cli.Formatting;
using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Engine.Volumes;
using Sampan.Flags;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan system df.</summary>
internal sealed class DiskUsageCommand : Command
{
    private static readonly IReadOnlyList<Column<DiskUsage>> Columns =
    [
        new("Active", "ACTIVE", static usage => usage.Active.ToString(CultureInfo.InvariantCulture)),
        new("Reclaimable", "RECLAIMABLE", Reclaimable),
        new("Size", "SIZE", static usage => HumanSize.Format(usage.Size)),
        new("TotalCount", "TOTAL", static usage => usage.Total.ToString(CultureInfo.InvariantCulture)),
        new("Type", "TYPE", static usage => usage.Type),
    ];

    private readonly ValueFlag<string> _format;
    private readonly Switch _verbose;

    /// <summary>Declares the flags.</summary>
    public DiskUsageCommand()
    {
        _format = FormatFlag.ForList(Flags);
        _verbose = Flags.Switch("verbose", 'v', "Show detailed information on space usage");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!_verbose.Value)
        {
            new ListView<DiskUsage>(Columns, ["Type", "TotalCount", "Active", "Size", "Reclaimable"]).Write(session.Out, session.Engine.MeasureDisk(), _format.Value);
            return 0;
        }

        if (_format.Value.Length > 0)
        {
            throw SampanException.InvalidArgument("the verbose and the format options conflict: use one of them");
        }

        WriteImages(session);
        WriteContainers(session);
        WriteVolumes(session);
        session.Out.WriteLine().WriteLine("Build cache usage: 0B").WriteLine();
        return 0;
    }

    private static string Reclaimable(DiskUsage usage) => usage.Type == "Build Cache" || usage.Size == 0
        ? HumanSize.Format(usage.Reclaimable)
        : $"{HumanSize.Format(usage.Reclaimable)} ({usage.Reclaimable * 100 / usage.Size}%)";

    private static void WriteImages(Session session)
    {
        var images = session.Images.List();
        Dictionary<string, int> users = new(StringComparer.Ordinal);
        foreach (var image in images)
        {
            foreach (var layer in image.DiffIds)
            {
                users[layer] = users.GetValueOrDefault(layer) + 1;
            }
        }

        var containers = session.Engine.Containers.List();
        session.Out.WriteLine("Images space usage:").WriteLine();
        var table = new TextTable();
        table.Add("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS");
        foreach (var image in images)
        {
            AddImage(table, image, users, containers);
        }

        table.Write(session.Out);
    }

    private static void AddImage(TextTable table, StoredImage image, Dictionary<string, int> users, IReadOnlyList<Container> containers)
    {
        long shared = 0;
        foreach (var layer in image.DiffIds)
        {
            shared += users[layer] > 1 ? image.LayerSize(layer) : 0;
        }

        var used = 0;
        foreach (var container in containers)
        {
            used += container.ImageId == image.Id ? 1 : 0;
        }

        var created = HumanDuration.Format(DateTimeOffset.UtcNow - image.Created) + " ago";
        foreach (var name in image.RepoTags.Count > 0 ? image.RepoTags : ["<none>:<none>"])
        {
            var colon = name.LastIndexOf(':');
            table.Add(
                name[..colon], name[(colon + 1)..], Ellipsis.Id(image.Id), created, HumanSize.Format(image.Size), HumanSize.Format(shared),
                HumanSize.Format(image.Size - shared), used.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteContainers(Session session)
    {
        session.Out.WriteLine().WriteLine("Containers space usage:").WriteLine();
        var rows = new List<ContainerRow>();
        foreach (var container in session.Engine.Containers.List())
        {
            rows.Add(new(container, DateTimeOffset.UtcNow, truncate: true) { Size = () => HumanSize.Format(TreeSize.Of(container.UpperDirectory)) });
        }

        new ListView<ContainerRow>(ContainerRow.Columns, ["ID", "Image", "Command", "LocalVolumes", "Size", "RunningFor", "Status", "Names"]).Write(session.Out, rows, "");
    }

    private static void WriteVolumes(Session session)
    {
        session.Out.WriteLine().WriteLine("Local Volumes space usage:").WriteLine();
        var table = new TextTable();
        table.Add("VOLUME NAME", "LINKS", "SIZE");
        foreach (var volume in session.Engine.Volumes.List())
        {
            table.Add(volume.Name, Links(session, volume), HumanSize.Format(TreeSize.Of(volume.Mountpoint)));
        }

        table.Write(session.Out);
    }

    private static string Links(Session session, Volume volume) =>
        session.Engine.Volumes.UsersOf(volume.Name).Count.ToString(CultureInfo.InvariantCulture);
}

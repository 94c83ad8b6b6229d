using Sampan.Cli.Commands.Containers;
using Sampan.Cli.Commands.Images;
using Sampan.Cli.Commands.Volumes;
using Sampan.Cli.Formatting;
using Sampan.Cli.Formatting.Templates;
using Sampan.Engine.Containers;
using Sampan.Images;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Host;

/// <summary>
/// What system df -v shows: every image, container and volume with its size. One object to a template, as with docker: .Images, .Containers,
/// .Volumes and .BuildCache are lists to range over.
/// </summary>
/// <param name="session">Whose.</param>
/// <param name="truncate">Ids and commands are shortened.</param>
internal sealed class DiskUsageDetails(Session session, bool truncate) : TemplateMap
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    /// <summary>A line for each image, under the first of its names.</summary>
    public IReadOnlyList<ImageRow> Images => ImageRows();

    /// <summary>A line for each container.</summary>
    public IReadOnlyList<ContainerRow> Containers => ContainerRows();

    /// <summary>A line for each volume.</summary>
    public IReadOnlyList<VolumeRow> Volumes => VolumeRows();

    /// <summary>Docker's order, which its JSON has.</summary>
    public override IReadOnlyList<string> Keys => ["Images", "Containers", "Volumes", "BuildCache"];

    /// <inheritdoc/>
    public override bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "Images" => Records(Images, ImageRow.Columns, null, "*formatter.imageContext"),
            "Containers" => Records(Containers, ContainerRow.Columns, static row => row.Container.Config.Labels, "*formatter.ContainerContext"),
            "Volumes" => Records(Volumes, VolumeRow.Columns, static row => row.Volume.Record.Labels, VolumeRow.TypeName),

            // Nothing is built here.
            "BuildCache" => new TemplateList([]),
            _ => null,
        };
        return value is not null;
    }

    /// <inheritdoc/>
    public override object? Missing(string name) => throw new TemplateCallException($"can't evaluate field {name} in type *formatter.diskUsageContext");

    private static TemplateList Records<T>(
        IReadOnlyList<T> rows, IReadOnlyList<Column<T>> columns, Func<T, IReadOnlyDictionary<string, string>?>? labels, string typeName)
    {
        List<object?> records = [];
        foreach (var row in rows)
        {
            records.Add(new RowRecord<T>(columns, row, labels, typeName));
        }

        return new(records);
    }

    private List<ImageRow> ImageRows()
    {
        var images = session.Images.List();
        var usage = session.Images.MeasureDisk(images);
        var containers = session.Engine.Containers.List();
        List<ImageRow> rows = [];
        foreach (var image in images)
        {
            var (name, tag) = image.References.Count > 0
                ? (image.References[0].FamiliarName, image.References[0].Tag ?? ImageRow.None)
                : (ImageRow.None, ImageRow.None);
            rows.Add(new(image, name, tag, _now, truncate)
            {
                DiskSize = usage.Of([image]),
                SharedSize = usage.Shared(image),
                Containers = CountOf(image, containers),
            });
        }

        return rows;
    }

    private static int CountOf(StoredImage image, IReadOnlyList<Container> containers)
    {
        var count = 0;
        foreach (var container in containers)
        {
            count += container.ImageId == image.Id ? 1 : 0;
        }

        return count;
    }

    private List<ContainerRow> ContainerRows()
    {
        List<ContainerRow> rows = [];
        foreach (var container in session.Engine.Containers.List())
        {
            rows.Add(new(container, _now, truncate) { Size = () => HumanSize.Format(TreeSize.Of(container.UpperDirectory)) });
        }

        return rows;
    }

    private List<VolumeRow> VolumeRows()
    {
        List<VolumeRow> rows = [];
        foreach (var volume in session.Engine.Volumes.List())
        {
            rows.Add(new(volume)
            {
                Links = session.Engine.Volumes.UsersOf(volume.Name).Count,
                Size = () => HumanSize.Format(TreeSize.Of(volume.Mountpoint)),
            });
        }

        return rows;
    }
}

using System.Globalization;
using Sampan.Cli.Commands.Containers;
using Sampan.Cli.Commands.Images;
using Sampan.Cli.Commands.Volumes;
using Sampan.Cli.Formatting;
using Sampan.Cli.Formatting.Templates;
using Sampan.Engine.Storage;
using Sampan.Flags;
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

        // Docker's client shortens ids where the format is a table, also a table of one's own.
        var format = _format.Value;
        var isTable = format.Length == 0 || format.StartsWith("table", StringComparison.Ordinal);
        var details = new DiskUsageDetails(session, truncate: isTable);
        if (format is "" or "table")
        {
            WriteTables(session.Out, details);
            return 0;
        }

        // The object is one and not a row: what separates rows is the template's own.
        var text = (isTable ? format["table".Length..].Trim(' ', '\t') : format)
            .Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        session.Out.Write(new Template(text == "json" ? "{{json .}}" : text).Execute(details));
        return 0;
    }

    private static string Reclaimable(DiskUsage usage) => usage.Type == "Build Cache" || usage.Size == 0
        ? HumanSize.Format(usage.Reclaimable)
        : $"{HumanSize.Format(usage.Reclaimable)} ({usage.Reclaimable * 100 / usage.Size}%)";

    private static void WriteTables(TextOutput output, DiskUsageDetails details)
    {
        output.WriteLine("Images space usage:").WriteLine();
        new ListView<ImageRow>(ImageRow.Columns, ["Repository", "Tag", "ID", "CreatedSince", "Size", "SharedSize", "UniqueSize", "Containers"])
            .Write(output, details.Images, "");
        output.WriteLine().WriteLine("Containers space usage:").WriteLine();
        new ListView<ContainerRow>(ContainerRow.Columns, ["ID", "Image", "Command", "LocalVolumes", "Size", "RunningFor", "Status", "Names"])
            .Write(output, details.Containers, "");
        output.WriteLine().WriteLine("Local Volumes space usage:").WriteLine();
        new ListView<VolumeRow>(VolumeRow.Columns, ["Name", "Links", "Size"]).Write(output, details.Volumes, "");

        // Nothing is built here.
        output.WriteLine().WriteLine("Build cache usage: 0B").WriteLine();
        var cache = new TextTable();
        cache.Add("CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED");
        cache.Write(output);
    }
}

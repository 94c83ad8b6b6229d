using System.Globalization;
using Sampan.Cli.Formatting;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>A line of images: an image under one of its names.</summary>
/// <param name="Image">The image.</param>
/// <param name="Repository">Familiar name without tag, or &lt;none&gt;.</param>
/// <param name="Tag">Tag, or &lt;none&gt;.</param>
/// <param name="Now">What "ago" is relative to.</param>
/// <param name="Truncate">Ids are shortened.</param>
internal sealed record ImageRow(StoredImage Image, string Repository, string Tag, DateTimeOffset Now, bool Truncate)
{
    /// <summary>What stands where there is no name.</summary>
    public const string None = "<none>";

    /// <summary>The fields a format may name.</summary>
    public static IReadOnlyList<Column<ImageRow>> Columns { get; } =
    [
        new("Containers", "CONTAINERS", static row => row.Containers?.ToString(CultureInfo.InvariantCulture) ?? "N/A"),
        new("CreatedAt", "CREATED AT", static row => Timestamp.Local(row.Image.Created)),
        new("CreatedSince", "CREATED", static row => HumanDuration.Format(row.Now - row.Image.Created) + " ago"),
        new("Digest", "DIGEST", static row => row.Image.Digest),
        new("ID", "IMAGE ID", static row => row.Id),
        new("Repository", "REPOSITORY", static row => row.Repository),
        new("SharedSize", "SHARED SIZE", static row => row.SharedSize is { } shared ? HumanSize.Format(shared) : "N/A"),
        new("Size", "SIZE", static row => HumanSize.Format(row.Bytes)),
        new("Tag", "TAG", static row => row.Tag),
        new("UniqueSize", "UNIQUE SIZE", static row => row.SharedSize is { } shared ? HumanSize.Format(row.Bytes - shared) : "N/A"),
        new("VirtualSize", "SIZE", static row => HumanSize.Format(row.Bytes)),
    ];

    /// <summary>How many containers were made from it; null where nobody counted.</summary>
    public int? Containers { get; init; }

    /// <summary>Bytes it takes on the disk; null where nobody measured them, and its files' bytes are told.</summary>
    public long? DiskSize { get; init; }

    /// <summary>Bytes it has in common with other images; null where nobody added them up.</summary>
    public long? SharedSize { get; init; }

    /// <summary>The id, shortened unless told otherwise.</summary>
    public string Id => Truncate ? Ellipsis.Id(Image.Id) : Image.Id;

    private long Bytes => DiskSize ?? Image.Size;
}

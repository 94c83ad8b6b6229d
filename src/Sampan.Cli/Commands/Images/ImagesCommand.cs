using Sampan.Cli.Formatting;
using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Images;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan images.</summary>
internal sealed class ImagesCommand : Command
{
    private readonly Switch _digests;
    private readonly Filters _filters;
    private readonly ValueFlag<string> _format;
    private readonly Switch _noTruncate;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public ImagesCommand()
    {
        // Docker's flag for the legacy builder's intermediate images; there are none here, so it changes nothing.
        Flags.Switch("all", 'a', "Show all images (default hides intermediate images)");
        _digests = Flags.Switch("digests", '\0', "Show digests");
        _filters = new(Flags);
        _format = FormatFlag.ForList(Flags);
        _noTruncate = Flags.Switch("no-trunc", '\0', "Don't truncate output");
        _quiet = Flags.Switch("quiet", 'q', "Only show image IDs");
        Flags.Unsupported("tree");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] [REPOSITORY[:TAG]]";

    /// <inheritdoc/>
    public override Arity Arity => new(0, 1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var rows = Rows(session.Images, arguments.Count > 0 ? arguments[0] : null);
        if (_quiet.Value)
        {
            rows.ForEach(row => session.Out.WriteLine(row.Id));
            return 0;
        }

        IReadOnlyList<string> shown = _digests.Value
            ? ["Repository", "Tag", "Digest", "ID", "CreatedSince", "Size"]
            : ["Repository", "Tag", "ID", "CreatedSince", "Size"];
        new ListView<ImageRow>(ImageRow.Columns, shown) { TypeName = "*formatter.imageContext" }.Write(session.Out, rows, _format.Value);
        return 0;
    }

    private List<ImageRow> Rows(ImageStore store, string? pattern)
    {
        _filters.Require("dangling", "label", "before", "since", "reference", "until");
        var before = Bound(store, "before");
        var since = Bound(store, "since");
        var now = DateTimeOffset.UtcNow;
        var until = Until(now);
        var rows = new List<ImageRow>();
        foreach (var image in store.List())
        {
            if ((before is not null && image.Created >= before)
                || (since is not null && image.Created <= since)
                || (until is not null && image.Created >= until)
                || !_filters.MatchLabels(image.Config.Config?.Labels)
                || !_filters.Any("dangling", value => Filters.IsYes(value) == (image.References.Count == 0)))
            {
                continue;
            }

            AddRows(rows, image, pattern, now);
        }

        return rows;
    }

    private void AddRows(List<ImageRow> rows, StoredImage image, string? pattern, DateTimeOffset now)
    {
        foreach (var reference in image.References)
        {
            var row = new ImageRow(image, reference.FamiliarName, reference.Tag ?? ImageRow.None, now, !_noTruncate.Value);
            if ((pattern is null || ReferencePattern.Matches(row, pattern)) && _filters.Any("reference", value => ReferencePattern.Matches(row, value)))
            {
                rows.Add(row);
            }
        }

        AddDigests(rows, image, pattern, now);
        if (image.References.Count == 0 && image.Sources.Count == 0 && pattern is null && !_filters.Has("reference"))
        {
            rows.Add(new(image, ImageRow.None, ImageRow.None, now, !_noTruncate.Value));
        }
    }

    // What has no tag any more, or never had one, is known by the digests it was pulled by.
    private void AddDigests(List<ImageRow> rows, StoredImage image, string? pattern, DateTimeOffset now)
    {
        if (image.References.Count > 0)
        {
            return;
        }

        foreach (var digest in image.RepoDigests)
        {
            var row = new ImageRow(image, digest[..digest.IndexOf('@', StringComparison.Ordinal)], ImageRow.None, now, !_noTruncate.Value);
            if ((pattern is null || ReferencePattern.Matches(row, pattern)) && _filters.Any("reference", value => ReferencePattern.Matches(row, value)))
            {
                rows.Add(row);
            }
        }
    }

    private DateTimeOffset? Until(DateTimeOffset now)
    {
        var values = _filters.Values("until");
        return values.Count switch
        {
            0 => null,
            1 => TimeArgument.Parse(values[0], now) ?? throw SampanException.InvalidArgument($"invalid filter 'until={values[0]}': a timestamp or a duration such as 24h"),
            _ => throw SampanException.InvalidArgument("can't specify the until filter more than once"),
        };
    }

    private DateTimeOffset? Bound(ImageStore store, string name)
    {
        var values = _filters.Values(name);
        return values.Count switch
        {
            0 => null,
            1 => store.Find(values[0]).Created,
            _ => throw SampanException.InvalidArgument($"can't specify the {name} filter more than once"),
        };
    }
}

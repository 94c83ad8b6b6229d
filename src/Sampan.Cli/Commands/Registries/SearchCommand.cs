using System.Globalization;
using Sampan.Cli.Formatting;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan search.</summary>
internal sealed class SearchCommand : RegistryCommand
{
    private const int DescriptionWidth = 45;
    private const int StandardLimit = 25;
    private const int LargestLimit = 100;

    private readonly Filters _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<long> _limit;
    private readonly Switch _noTruncate;

    /// <summary>Declares the flags.</summary>
    public SearchCommand()
    {
        _filters = new(Flags, "Filter output based on conditions provided");
        _format = Flags.Text("format", '\0', "Pretty-print search using a Go template");
        _limit = Flags.Number("limit", '\0', "Max number of search results");
        _noTruncate = Flags.Switch("no-trunc", '\0', "Don't truncate output");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] TERM";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        _filters.Require("is-automated", "is-official", "stars");
        if (_limit.Value > LargestLimit)
        {
            throw SampanException.InvalidArgument($"limit {_limit.Value} is outside the range of [1, {LargestLimit}]");
        }

        // Before anybody is asked.
        var stars = 0;
        foreach (var value in _filters.Values("stars"))
        {
            stars = Math.Max(stars, Stars(value));
        }

        var (official, automated) = (Truth("is-official"), Truth("is-automated"));
        if (automated == true)
        {
            session.Error
                .WriteLine("WARNING: the \"is-automated\" filter is deprecated, and searching for \"is-automated=true\" will not yield any results in future.")
                .Flush();
        }


        var rows = new List<SearchRow>();
        foreach (var row in registries.Search(session, arguments[0], _limit.Value <= 0 ? StandardLimit : (int)_limit.Value))
        {
            if ((official ?? row.IsOfficial) == row.IsOfficial && (automated ?? row.IsAutomated) == row.IsAutomated && row.StarCount >= stars)
            {
                rows.Add(row with { Description = Describe(row.Description) });
            }
        }

        new ListView<SearchRow>(SearchRow.Columns(_format.Value), ["Name", "Description", "StarCount", "IsOfficial"]) { TypeName = "*registry.searchContext" }
            .Write(session.Out, rows, _format.Value);
        return 0;
    }

    private static int Stars(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var stars) ? stars : throw SampanException.InvalidArgument($"invalid filter 'stars={value}'");

    private bool? Truth(string filter) => _filters.Values(filter) switch
    {
        [] => null,
        ["1" or "true"] => true,
        ["0" or "false"] => false,
        var values => throw SampanException.InvalidArgument($"invalid filter '{filter}=[{string.Join(' ', values)}]'"),
    };

    private string Describe(string text)
    {
        var line = text.Replace('\n', ' ').Replace('\r', ' ');
        return _noTruncate.Value ? line : Ellipsis.Cut(line, DescriptionWidth);
    }
}

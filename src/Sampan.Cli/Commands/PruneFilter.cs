using Sampan.Cli.Values;
using Sampan.Linux;

namespace Sampan.Cli.Commands;

/// <summary>The filters of prune: until, label and label!.</summary>
internal sealed class PruneFilter
{
    private readonly Filters _filters;
    private readonly DateTimeOffset? _until;

    /// <summary>Checks the filters.</summary>
    /// <param name="filters">As given.</param>
    /// <param name="more">Names of filters that the command looks at itself.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a filter or value that does not exist, in docker's words.</exception>
    public PruneFilter(Filters filters, params string[] more)
    {
        filters.Require(["until", "label", "label!", .. more]);
        var times = filters.Values("until");
        if (times.Count > 1)
        {
            throw SampanException.InvalidArgument("more than one until filter specified");
        }

        _filters = filters;
        _until = times is [var time]
            ? TimeArgument.Parse(time, DateTimeOffset.UtcNow) ?? throw SampanException.InvalidArgument($"invalid filter 'until={time}': not a time or a duration")
            : null;
    }

    /// <summary>Whether all filters hold.</summary>
    /// <param name="created">When the object was made.</param>
    /// <param name="labels">Its labels.</param>
    /// <returns>True when they do.</returns>
    public bool Matches(DateTimeOffset created, IReadOnlyDictionary<string, string>? labels) =>
        !(created > _until) && MatchesLabels(labels);

    /// <summary>Whether the filters of labels hold.</summary>
    /// <param name="labels">The object's labels.</param>
    /// <returns>True when they do.</returns>
    public bool MatchesLabels(IReadOnlyDictionary<string, string>? labels) => _filters.MatchPruneLabels(labels);
}

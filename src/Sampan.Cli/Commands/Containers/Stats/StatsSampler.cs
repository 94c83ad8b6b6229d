using Sampan.Engine;
using Sampan.Engine.Containers;
using Sampan.Engine.Statistics;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers.Stats;

/// <summary>Which containers stats shows, and their last samples.</summary>
/// <param name="engine">Where they are.</param>
/// <param name="names">The containers as the user named them; none are all.</param>
/// <param name="all">Those that do not run too, where none was named.</param>
/// <param name="truncate">Ids are shortened.</param>
internal sealed class StatsSampler(ContainerEngine engine, IReadOnlyList<string> names, bool all, bool truncate)
{
    private readonly ContainerMeter _meter = new();
    private readonly List<(string Label, string Id)> _named = [.. names.Select(name => (name, engine.Containers.Find(name).Id))];
    private Dictionary<string, ContainerSample> _before = new(StringComparer.Ordinal);

    /// <summary>Takes a sample of each.</summary>
    /// <returns>The containers that are there, in the order named, or the newest first.</returns>
    public IReadOnlyList<StatsRow> Take()
    {
        var rows = new List<StatsRow>();
        var samples = new Dictionary<string, ContainerSample>(StringComparer.Ordinal);
        foreach (var (label, container) in Containers())
        {
            ContainerSample? sample;
            try
            {
                sample = _meter.Take(container);
            }
            catch (LinuxException problem) when (problem.Errno == Errno.ENOENT)
            {
                // Removed between the listing and the look at it.
                continue;
            }

            if (sample is null && !all && _named.Count == 0)
            {
                continue;
            }

            if (sample is not null)
            {
                samples[container.Id] = sample;
            }

            rows.Add(new(container, label, truncate, _before.GetValueOrDefault(container.Id), sample));
        }

        _before = samples;
        return rows;
    }

    private List<(string Label, Container Container)> Containers()
    {
        var containers = new List<(string, Container)>();
        if (_named.Count == 0)
        {
            foreach (var container in engine.Containers.List())
            {
                containers.Add((truncate ? Formatting.Ellipsis.Id(container.Id) : container.Id, container));
            }
        }

        foreach (var (label, id) in _named)
        {
            if (engine.Containers.TryFind(id) is { } container)
            {
                containers.Add((label, container));
            }
        }

        return containers;
    }
}

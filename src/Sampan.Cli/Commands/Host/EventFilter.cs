using Sampan.Engine.Events;

namespace Sampan.Cli.Commands.Host;

/// <summary>The filters of events (docs: "docker events", Filtering).</summary>
internal sealed class EventFilter
{
    private readonly Filters _filters;

    /// <summary>Checks the filters.</summary>
    /// <param name="filters">As given.</param>
    /// <exception cref="Sampan.Linux.SampanException">A filter that does not exist.</exception>
    public EventFilter(Filters filters)
    {
        filters.Require("container", "daemon", "event", "image", "label", "network", "plugin", "scope", "type", "volume");
        _filters = filters;
    }

    /// <summary>Whether all filters hold.</summary>
    /// <param name="happened">An event.</param>
    /// <returns>True when they do.</returns>
    public bool Matches(EngineEvent happened) =>
        _filters.Any("type", value => happened.Type == value)
        && _filters.Any("scope", static value => value == "local")
        && _filters.Any("event", value => happened.Action == value || Word(happened.Action) == value)
        && _filters.MatchLabels(happened.Attributes)
        && Object("container", happened)
        && Object("volume", happened)
        && Object("network", happened)
        && Object("daemon", happened)
        && Object("plugin", happened)
        && _filters.Any("image", value => IsImage(happened, value));

    // "exec_start: sh" is an exec_start.
    private static string Word(string action)
    {
        var colon = action.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? action : action[..colon];
    }

    private bool Object(string type, EngineEvent happened) => _filters.Any(
        type,
        value => happened.Type == type
            && (happened.Id.StartsWith(value, StringComparison.Ordinal)
                || (happened.Attributes.GetValueOrDefault("name") is { } name && name.StartsWith(value, StringComparison.Ordinal))));

    private static bool IsImage(EngineEvent happened, string value)
    {
        if (happened.Type is not ("container" or "image"))
        {
            return false;
        }

        var name = happened.Attributes.GetValueOrDefault(happened.Type == "image" ? "name" : "image", "");
        return happened.Id == value || name == value || WithoutTag(name) == value;
    }

    private static string WithoutTag(string reference)
    {
        var colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') ? reference[..colon] : reference;
    }
}

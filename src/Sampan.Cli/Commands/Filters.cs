using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands;

/// <summary>
/// The values of --filter: name=value pairs. Values of one name are alternatives, different names must all hold; labels must all hold.
/// </summary>
/// <param name="flags">Where the flag is declared.</param>
/// <param name="help">What help says of it.</param>
/// <param name="shorthand">Its letter; NUL where -f is force.</param>
internal sealed class Filters(FlagSet flags, string help = "Filter output based on conditions provided", char shorthand = 'f')
{
    private readonly ListFlag _flag = flags.List("filter", shorthand, help, "filter", Check);

    /// <summary>No filter was given.</summary>
    public bool IsEmpty => _flag.Values.Count == 0;

    /// <summary>Refuses names that do not exist.</summary>
    /// <param name="known">The names that do.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: another name, in docker's words.</exception>
    public void Require(params ReadOnlySpan<string> known)
    {
        foreach (var filter in _flag.Values)
        {
            var name = Name(filter);
            if (!known.Contains(name))
            {
                throw SampanException.InvalidArgument($"invalid filter '{name}'");
            }
        }
    }

    /// <summary>Whether a filter of that name was given.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when it was.</returns>
    public bool Has(string name) => Values(name).Count > 0;

    /// <summary>The values given for a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The values in order.</returns>
    public List<string> Values(string name)
    {
        var values = new List<string>();
        foreach (var filter in _flag.Values)
        {
            if (Name(filter) == name)
            {
                values.Add(filter[(filter.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim());
            }
        }

        return values;
    }

    /// <summary>Whether any value of a name holds; true where none was given.</summary>
    /// <param name="name">The name.</param>
    /// <param name="holds">Whether one value does.</param>
    /// <returns>True when any does.</returns>
    public bool Any(string name, Func<string, bool> holds)
    {
        var values = Values(name);
        return values.Count == 0 || values.Exists(value => holds(value));
    }

    /// <summary>Whether all label filters hold.</summary>
    /// <param name="labels">The object's labels.</param>
    /// <returns>True when all do.</returns>
    public bool MatchLabels(IReadOnlyDictionary<string, string>? labels) => Values("label").TrueForAll(value => HasLabel(labels, value));

    /// <summary>Whether all label filters hold, and none of the label!= ones.</summary>
    /// <param name="labels">The object's labels.</param>
    /// <returns>True when it may be removed.</returns>
    public bool MatchPruneLabels(IReadOnlyDictionary<string, string>? labels) =>
        MatchLabels(labels) && !Values("label!").Exists(value => HasLabel(labels, value));

    /// <summary>Whether an object has a label.</summary>
    /// <param name="labels">The object's labels.</param>
    /// <param name="label">name, or name=value.</param>
    /// <returns>True when it does.</returns>
    public static bool HasLabel(IReadOnlyDictionary<string, string>? labels, string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        return labels is not null
            && labels.TryGetValue(equals < 0 ? label : label[..equals], out var actual)
            && (equals < 0 || actual == label[(equals + 1)..]);
    }

    /// <summary>Docker's match of names and ids: a regular expression that matches anywhere in the text, or that very text.</summary>
    /// <param name="text">The name or id.</param>
    /// <param name="pattern">The filter's value; a name may have docker's slash before it.</param>
    /// <returns>True when it matches.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no regular expression.</exception>
    public static bool MatchText(string text, string pattern)
    {
        var start = pattern.StartsWith('^') ? "^" : "";
        return text == pattern || new NamePattern(start + pattern[start.Length..].TrimStart('/')).Matches(text);
    }

    /// <summary>Reads the value of a filter that is yes or no.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Yes or no.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: another word.</exception>
    public static bool IsYes(string value) => value switch
    {
        "1" or "true" or "True" or "TRUE" => true,
        "0" or "false" or "False" or "FALSE" => false,
        _ => throw SampanException.InvalidArgument($"invalid filter value '{value}': true or false"),
    };

    private static string Check(string text) =>
        text.Contains('=', StringComparison.Ordinal) ? text : throw new ValueException("bad format of filter (expected name=value)");

    private static string Name(string filter) => filter[..filter.IndexOf('=', StringComparison.Ordinal)].Trim().ToLowerInvariant();
}

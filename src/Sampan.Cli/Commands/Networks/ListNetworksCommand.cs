using Sampan.Cli.Formatting;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network ls.</summary>
internal sealed class ListNetworksCommand : Command
{
    private readonly Filters _filters;
    private readonly ValueFlag<string> _format;
    private readonly Switch _noTruncation;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public ListNetworksCommand()
    {
        _filters = new(Flags, "Provide filter values (e.g. \"driver=bridge\")");
        _format = FormatFlag.ForList(Flags);
        _noTruncation = Flags.Switch("no-trunc", '\0', "Do not truncate the output");
        _quiet = Flags.Switch("quiet", 'q', "Only display network IDs");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _filters.Require("dangling", "driver", "id", "label", "name", "scope", "type");
        foreach (var type in _filters.Values("type"))
        {
            if (type is not ("builtin" or "custom"))
            {
                throw SampanException.InvalidArgument($"invalid filter: 'type'='{type}'");
            }
        }

        var dangling = _filters.Values("dangling").ConvertAll(Filters.IsYes);
        var rows = new List<NetworkRow>();
        foreach (var network in session.Engine.Networks.List())
        {
            if (Matches(network) && (dangling.Count == 0 || dangling.Contains(IsDangling(session, network))))
            {
                rows.Add(new(network, !_noTruncation.Value));
            }
        }

        if (_quiet.Value)
        {
            rows.ForEach(row => session.Out.WriteLine(row.Id));
            return 0;
        }

        new ListView<NetworkRow>(NetworkRow.Columns, ["ID", "Name", "Driver", "Scope"]) { Labels = static row => row.Network.Labels, TypeName = NetworkRow.TypeName }
            .Write(session.Out, rows, _format.Value);
        return 0;
    }

    // Docker's meaning: one that was made, and that no container is on while it runs.
    private static bool IsDangling(Session session, NetworkRecord network) => !network.IsPredefined && session.Engine.Networks.Members(network).Count == 0;

    private bool Matches(NetworkRecord network) =>
        _filters.Any("driver", value => network.Driver == value)
        && _filters.Any("id", value => network.Id.StartsWith(value, StringComparison.Ordinal) || Filters.MatchText(network.Id, value))
        && _filters.Any("name", value => Filters.MatchText(network.Name, value))
        && _filters.Any("scope", static value => value == "local")
        && _filters.Any("type", value => (value == "builtin") == network.IsPredefined)
        && _filters.MatchLabels(network.Labels);
}

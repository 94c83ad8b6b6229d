using Sampan.Cli.Formatting;
using Sampan.Engine;
using Sampan.Engine.Volumes;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Volumes;

/// <summary>sampan volume ls.</summary>
internal sealed class ListVolumesCommand : Command
{
    private readonly Filters _filters;
    private readonly ValueFlag<string> _format;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public ListVolumesCommand()
    {
        _filters = new(Flags, "Provide filter values (e.g. \"dangling=true\")");
        _format = FormatFlag.ForList(Flags);
        _quiet = Flags.Switch("quiet", 'q', "Only display volume names");
        Flags.Unsupported("cluster");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _filters.Require("dangling", "driver", "label", "name");
        if (_filters.Has("dangling"))
        {
            DamagedContainers.Warn(session);
        }

        var rows = new List<VolumeRow>();
        foreach (var volume in session.Engine.Volumes.List())
        {
            if (Matches(session.Engine, volume))
            {
                rows.Add(new(volume));
            }
        }

        if (_quiet.Value)
        {
            rows.ForEach(row => session.Out.WriteLine(row.Volume.Name));
            return 0;
        }

        new ListView<VolumeRow>(VolumeRow.Columns, ["Driver", "Name"]) { Labels = static row => row.Volume.Record.Labels, TypeName = VolumeRow.TypeName }
            .Write(session.Out, rows, _format.Value);
        return 0;
    }

    private bool Matches(ContainerEngine engine, Volume volume) =>
        _filters.Any("name", value => Filters.MatchText(volume.Name, value))
        && _filters.Any("driver", value => volume.Record.Driver == value)
        && _filters.Any("dangling", value => Filters.IsYes(value) == (engine.Volumes.UsersOf(volume.Name).Count == 0))
        && _filters.MatchLabels(volume.Record.Labels);
}

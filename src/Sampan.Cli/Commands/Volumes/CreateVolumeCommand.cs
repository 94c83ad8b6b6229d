using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Volumes;

/// <summary>sampan volume create.</summary>
internal sealed class CreateVolumeCommand : Command
{
    private readonly ValueFlag<string> _driver;
    private readonly ListFlag _label;
    private readonly ValueFlag<string> _name;
    private readonly ListFlag _option;

    /// <summary>Declares the flags.</summary>
    public CreateVolumeCommand()
    {
        _driver = Flags.Text("driver", 'd', "Specify volume driver name", "local");
        _label = Flags.List("label", '\0', "Set metadata for a volume", check: LabelArgument.Check);
        _name = Flags.Add(new ValueFlag<string>("name", '\0', "Specify volume name", "string", static text => text, "") { Hidden = true });
        _option = Flags.List("opt", 'o', "Set driver specific options", "map");
        Flags.Unsupported(
            "availability", "group", "limit-bytes", "required-bytes", "scope", "secret", "sharing", "topology-preferred", "topology-required", "type");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] [VOLUME]";

    /// <inheritdoc/>
    public override Arity Arity => new(0, 1);

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0 && _name.Changed)
        {
            throw SampanException.InvalidArgument("conflicting options: cannot specify a volume-name through both --name and as a positional arg");
        }

        var volume = session.Engine.Volumes.Create(new()
        {
            Name = arguments.Count > 0 ? arguments[0] : _name.Value,
            Driver = _driver.Value,
            Labels = _label.Changed ? LabelArgument.ToMap(_label.Values) : null,
            Options = _option.Changed ? LabelArgument.ToMap(_option.Values) : null,
        });
        session.Out.WriteLine(volume.Name);
        return 0;
    }
}

using Sampan.Flags;

namespace Sampan.Cli.Commands.Volumes;

/// <summary>sampan volume rm.</summary>
internal sealed class RemoveVolumeCommand : Command
{
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public RemoveVolumeCommand() => _force = Flags.Switch("force", 'f', "Force the removal of one or more volumes");

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] VOLUME [VOLUME...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Volumes;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments) => session.ForEach(arguments, name =>
    {
        session.Engine.Volumes.Remove(name, _force.Value);
        session.Out.WriteLine(name);
    });
}

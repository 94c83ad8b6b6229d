using Sampan.Flags;

namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network rm.</summary>
internal sealed class RemoveNetworkCommand : Command
{
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public RemoveNetworkCommand() => _force = Flags.Switch("force", 'f', "Do not error if the network does not exist");

    /// <inheritdoc/>
    public override string Usage => "NETWORK [NETWORK...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Networks;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments) => session.ForEach(arguments, name =>
    {
        if (session.Engine.Networks.Remove(name, _force.Value))
        {
            session.Out.WriteLine(name);
        }
    });
}

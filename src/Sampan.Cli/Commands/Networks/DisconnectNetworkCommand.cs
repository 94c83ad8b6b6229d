using Sampan.Flags;

namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network disconnect.</summary>
internal sealed class DisconnectNetworkCommand : Command
{
    private readonly Switch _force;

    /// <summary>Declares the flags.</summary>
    public DisconnectNetworkCommand() => _force = Flags.Switch("force", 'f', "Force the container to disconnect from a network");

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NETWORK CONTAINER";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.NetworkAndContainer;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Engine.DisconnectNetwork(arguments[1], arguments[0], _force.Value);
        return 0;
    }
}

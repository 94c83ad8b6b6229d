namespace Sampan.Cli.Commands.Networks;

/// <summary>sampan network reload: docker has no such command, and restarts its daemon.</summary>
internal sealed class ReloadNetworksCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "[NETWORK|CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(0);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Networks;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var missing = 0;
        session.Engine.ReloadNetworks(arguments, line =>
        {
            missing++;
            session.Out.WriteLine(line);
        });
        if (missing == 0)
        {
            session.Out.WriteLine("nothing was missing");
        }

        return 0;
    }
}

using Sampan.Cli.Help;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan man: the manual page, made from the command table; ./install puts it in place.</summary>
internal sealed class ManualCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Out.Write(new ManualPage(session.Options.Flags).Format());
        return 0;
    }
}

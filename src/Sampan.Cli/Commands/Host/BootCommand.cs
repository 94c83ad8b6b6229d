namespace Sampan.Cli.Commands.Host;

/// <summary>sampan system boot: what a unit of systemd calls when the host has started.</summary>
internal sealed class BootCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var exitCode = 0;
        session.Engine.Boot(
            container => session.Out.WriteLine(container.Name).Flush(),
            (container, problem) =>
            {
                session.Complain($"cannot start container {container.Name}: {problem.Message}");
                exitCode = 1;
            });
        return exitCode;
    }
}

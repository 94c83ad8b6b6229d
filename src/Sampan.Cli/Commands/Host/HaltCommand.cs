namespace Sampan.Cli.Commands.Host;

/// <summary>sampan system halt: what a unit of systemd calls when the host goes down.</summary>
internal sealed class HaltCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var exitCode = 0;
        session.Engine.Halt(
            container => session.Out.WriteLine(container.Name).Flush(),
            (container, problem) =>
            {
                session.Complain($"cannot stop container {container.Name}: {problem.Message}");
                exitCode = 1;
            });
        return exitCode;
    }
}

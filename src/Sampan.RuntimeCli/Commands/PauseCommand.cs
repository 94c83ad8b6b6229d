namespace Sampan.RuntimeCli.Commands;

/// <summary>pause: freezes a container's processes.</summary>
internal sealed class PauseCommand : Command
{
    public override string Usage => "<container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Find(arguments[0]).Pause();
        return 0;
    }
}

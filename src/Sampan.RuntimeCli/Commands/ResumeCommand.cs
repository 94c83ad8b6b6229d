namespace Sampan.RuntimeCli.Commands;

/// <summary>resume: lets frozen processes go on.</summary>
internal sealed class ResumeCommand : Command
{
    public override string Usage => "<container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Find(arguments[0]).Resume();
        return 0;
    }
}

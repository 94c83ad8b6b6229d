using Sampan.Runtime.Launching;

namespace Sampan.RuntimeCli.Commands;

/// <summary>start: executes the command of a created container.</summary>
internal sealed class StartCommand : Command
{
    public override string Usage => "<container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Find(arguments[0]);
        if (container.RunsHooksInside)
        {
            ReadOnlySelf.Enter();
        }

        container.Start();
        return 0;
    }
}

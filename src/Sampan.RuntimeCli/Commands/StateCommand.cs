using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>state: prints where a container is in its life.</summary>
internal sealed class StateCommand : Command
{
    public override string Usage => "<container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Find(arguments[0]);
        session.Out.WriteBytes(StateDocument.ForUsers(container.Record, container.Status));
        session.Out.WriteLine();
        return 0;
    }
}

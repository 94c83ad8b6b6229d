using Sampan.Flags;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>run: create and start in one, and unless it is detached the wait and the delete.</summary>
internal sealed class RunCommand : Command
{
    private readonly CreationFlags _creation;
    private readonly Switch _detach;
    private readonly Switch _keep;
    private readonly Switch _explain;
    private readonly Switch _noSubreaper;

    public RunCommand()
    {
        _creation = new(Flags);
        _detach = Flags.Switch("detach", 'd', "detach from the container's process");
        _keep = Flags.Switch("keep", '\0', "do not delete the container after it exits");
        _noSubreaper = Flags.Switch("no-subreaper", '\0', "disable the use of the subreaper used to reap reparented processes");
        _explain = Flags.Switch("explain", '\0', "print every kernel operation of this start in order, without running it");
    }

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override string Failure => "run";

    public override bool EntersContainers => true;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var options = _creation.Read(session, arguments[0]);
        if (_explain.Value)
        {
            session.Out.Write(new ContainerCreation(options).Explain());
            return 0;
        }

        return new StartedContainer(session)
        {
            Detach = _detach.Value,
            Keep = _keep.Value,
            Subreaper = !_noSubreaper.Value,
        }.Run(options, static creation => creation.Run());
    }
}

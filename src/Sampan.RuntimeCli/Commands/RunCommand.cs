using Sampan.Flags;
using Sampan.Linux;
using Sampan.Runtime.Containers;
using Sampan.RuntimeCli.Terminals;

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

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var options = _creation.Read(session, arguments[0]);
        if (_explain.Value)
        {
            session.Out.Write(new ContainerCreation(options).Explain());
            return 0;
        }

        // First of all: what it takes to block signals in every thread grows with what this process has made by then.
        using var foreground = _detach.Value ? null : new ForegroundProcess(subreaper: !_noSubreaper.Value);
        var creation = new ContainerCreation(options);

        if (_detach.Value && creation.HasTerminal && options.ConsoleSocket is null)
        {
            throw SampanException.InvalidArgument("cannot allocate tty if runc will detach without setting console socket");
        }

        if (options.ConsoleSocket is not null && !(_detach.Value && creation.HasTerminal))
        {
            throw SampanException.InvalidArgument("cannot use console socket if runc will not detach or allocate tty");
        }

        using var process = creation.Run();
        if (foreground is null)
        {
            return 0;
        }

        var status = foreground.Await(process);
        if (!_keep.Value)
        {
            creation.Container.DeleteOwn(session.Warn);
        }

        return status;
    }
}

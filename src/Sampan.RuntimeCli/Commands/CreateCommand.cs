using Sampan.Linux;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>create: everything but the execution of the command.</summary>
internal sealed class CreateCommand : Command
{
    private readonly CreationFlags _creation;

    public CreateCommand() => _creation = new(Flags);

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override string Failure => "create";

    public override bool EntersContainers => true;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var options = _creation.Read(session, arguments[0]);
        var creation = new ContainerCreation(options);
        if (creation.HasTerminal != options.ConsoleSocket is not null)
        {
            throw SampanException.InvalidArgument(options.ConsoleSocket is null
                ? "cannot allocate tty if runc will detach without setting console socket"
                : "cannot use console socket if runc will not detach or allocate tty");
        }

        creation.Create();
        return 0;
    }
}

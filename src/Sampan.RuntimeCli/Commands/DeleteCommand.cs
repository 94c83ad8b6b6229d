using Sampan.Flags;
using Sampan.Linux;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>delete: removes what a container holds.</summary>
internal sealed class DeleteCommand : Command
{
    private readonly Switch _force;

    public DeleteCommand() => _force = Flags.Switch("force", 'f', "Forcibly deletes the container if it is still running (uses SIGKILL)");

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        try
        {
            OciContainer.Find(session.Options.Root, arguments[0], damaged: _force.Value).Delete(_force.Value, session.Warn);
        }
        catch (SampanException error) when (error.Kind == ErrorKind.NotFound && _force.Value)
        {
            // What is to be gone is gone (runc: exit 0 without a word).
        }

        return 0;
    }
}

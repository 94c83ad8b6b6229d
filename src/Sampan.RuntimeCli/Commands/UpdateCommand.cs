namespace Sampan.RuntimeCli.Commands;

/// <summary>update: changes limits of a container.</summary>
internal sealed class UpdateCommand : Command
{
    private readonly UpdateFlags _resources;

    public UpdateCommand() => _resources = new(Flags);

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Find(arguments[0]).Update(_resources.Read(), _resources.ReadSchemas());
        return 0;
    }
}

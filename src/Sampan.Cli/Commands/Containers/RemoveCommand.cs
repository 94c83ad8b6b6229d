using Sampan.Engine.Monitors;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan rm.</summary>
internal sealed class RemoveCommand : Command
{
    private readonly Switch _force;
    private readonly Switch _link;
    private readonly Switch _volumes;

    /// <summary>Declares the flags.</summary>
    public RemoveCommand()
    {
        _force = Flags.Switch("force", 'f', "Force the removal of a running container (uses SIGKILL)");
        _volumes = Flags.Switch("volumes", 'v', "Remove anonymous volumes associated with the container");
        _link = Flags.Switch("link", 'l', "Remove the specified link");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments) => session.ForEachAtOnce(
        arguments,
        name => BeginRemoval(session, name),
        (name, ending) =>
        {
            ending?.Wait();
            Remove(session, name);
        });

    /// <returns>The end of a container that runs; null where it need not end first, or is not there, which is told in its turn.</returns>
    private ContainerEnding? BeginRemoval(Session session, string name)
    {
        if (_link.Value)
        {
            return null;
        }

        try
        {
            return _force.Value ? session.Engine.BeginRemoval(session.Engine.Containers.FindEvenDamaged(name)) : null;
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    private void Remove(Session session, string name)
    {
        if (_link.Value)
        {
            session.Engine.RemoveLink(name);
            session.Out.WriteLine(name);
            return;
        }

        try
        {
            var containers = session.Engine.Containers;
            var container = _force.Value ? containers.FindEvenDamaged(name) : containers.Find(name);
            if (container.IsDamaged && _volumes.Value)
            {
                session.Complain($"the record of container {name} is damaged: what volumes were made for it alone nobody knows, they stay (volume ls -f dangling=true)");
            }

            session.Engine.Remove(container, new() { Force = _force.Value, Volumes = _volumes.Value });
            session.Out.WriteLine(name);
        }
        catch (SampanException problem) when (_force.Value && problem.Kind == ErrorKind.NotFound)
        {
            // With force, gone is what was wanted: said, but not a failure, as docker does.
            session.Complain(problem.Message);
        }
    }
}

using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan port: which port of the host leads to which of a container. Of one that does not run nothing is published.</summary>
internal sealed class PortCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "CONTAINER [PRIVATE_PORT[/PROTO]]";

    /// <inheritdoc/>
    public override Arity Arity => new(1, 2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Engine.Containers.Find(arguments[0]);
        var open = PortList.Sorted((container.State.Running ? container.Network?.Ports : null) ?? []);
        if (arguments.Count == 1)
        {
            foreach (var each in open)
            {
                session.Out.WriteLine($"{each.Key} -> {PortList.Address(each)}");
            }

            return 0;
        }

        var port = PortRange.Parse(arguments[1]);
        var found = false;
        foreach (var each in open)
        {
            if (each.ContainerPort == port.First && each.Protocol == port.Protocol)
            {
                found = true;
                session.Out.WriteLine(PortList.Address(each));
            }
        }

        if (found)
        {
            return 0;
        }

        throw SampanException.NotFound($"no public port '{port.First}/{port.Protocol}' published for {arguments[0]}");
    }
}

using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan port: which port of the host leads to which of a container. Without networks nothing is published, and that is the answer.</summary>
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
        session.Engine.Containers.Find(arguments[0]);
        if (arguments.Count == 1)
        {
            return 0;
        }

        var port = PortRange.Parse(arguments[1]);
        throw SampanException.NotFound($"no public port '{port.First}/{port.Protocol}' published for {arguments[0]}");
    }
}

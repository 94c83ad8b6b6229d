namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan create.</summary>
internal sealed class CreateCommand : Command
{
    private readonly CreateFlags _create;

    /// <summary>Declares the flags.</summary>
    public CreateCommand() => _create = new(Flags);

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] IMAGE [COMMAND] [ARG...]";

    /// <inheritdoc/>
    public override Arity Arity => _create.Arity;

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override bool Interspersed => false;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var request = _create.ToRequest(arguments, detached: false, startFollows: false);
        var container = _create.Create(session, request);
        session.Out.WriteLine(container.Id);
        return 0;
    }
}

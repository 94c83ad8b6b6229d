namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan create.</summary>
internal sealed class CreateCommand : Command
{
    private readonly CreateFlags _create;
    private bool _flagsMakeSense;

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

    /// <summary>Docker's client tells flags that make no sense from what the engine refuses.</summary>
    public override int FailureExitCode => _flagsMakeSense ? base.FailureExitCode : Sampan.Flags.UsageException.BadFlag;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var request = _create.ToRequest(arguments, detached: false, startFollows: false);
        _flagsMakeSense = true;
        if (_create.Create(session, request) is not { } container)
        {
            return FailureExitCode;
        }

        session.Out.WriteLine(container.Id);
        return 0;
    }
}

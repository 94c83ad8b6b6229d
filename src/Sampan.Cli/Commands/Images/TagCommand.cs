namespace Sampan.Cli.Commands.Images;

/// <summary>sampan tag.</summary>
internal sealed class TagCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Images.Tag(arguments[0], arguments[1]);
        ImageEvents.Write(session, "tag", session.Images.Find(arguments[1]).Id, arguments[1]);
        return 0;
    }
}

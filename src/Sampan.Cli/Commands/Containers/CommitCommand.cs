using Sampan.Cli.Commands.Images;
using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan commit.</summary>
internal sealed class CommitCommand : Command
{
    private readonly ValueFlag<string> _author;
    private readonly ListFlag _change;
    private readonly ValueFlag<LayerCompression> _compression;
    private readonly ValueFlag<string> _message;
    private readonly Switch _pause;

    /// <summary>Declares the flags.</summary>
    public CommitCommand()
    {
        _author = Flags.Text("author", 'a', "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")");
        _change = Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        _compression = CompressionFlag.Declare(Flags, "none");
        _message = Flags.Text("message", 'm', "Commit message");
        _pause = Flags.Switch("pause", 'p', "Pause container during commit", initial: true);
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]";

    /// <inheritdoc/>
    public override Arity Arity => new(1, 2);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Engine.Containers.Find(arguments[0]);
        session.Out.WriteLine(session.Engine.Commit(container, new()
        {
            Reference = arguments.Count > 1 ? arguments[1] : null,
            Author = _author.Changed ? _author.Value : null,
            Message = _message.Changed ? _message.Value : null,
            Changes = _change.Values,
            Pause = _pause.Value,
            Compression = _compression.Value,
            Epoch = SourceDate.Read(),
        }));
        return 0;
    }
}

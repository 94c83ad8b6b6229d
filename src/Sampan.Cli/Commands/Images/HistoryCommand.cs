using Sampan.Cli.Formatting;
using Sampan.Flags;
using Sampan.Images;

namespace Sampan.Cli.Commands.Images;

/// <summary>sampan history.</summary>
internal sealed class HistoryCommand : Command
{
    private readonly ValueFlag<string> _format;
    private readonly Switch _human;
    private readonly Switch _noTruncate;
    private readonly PlatformFlag _platform;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public HistoryCommand()
    {
        _format = FormatFlag.ForList(Flags);
        _human = Flags.Switch("human", 'H', "Print sizes and dates in human readable format", initial: true);
        _noTruncate = Flags.Switch("no-trunc", '\0', "Don't truncate output");
        _quiet = Flags.Switch("quiet", 'q', "Only show image IDs");
        _platform = new(Flags, "Show history for the given platform. " + PlatformFlag.Form);
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] IMAGE";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _platform.Require(session, arguments[0]);
        var steps = session.Images.Find(arguments[0]).History();
        if (_quiet.Value)
        {
            foreach (var step in steps)
            {
                session.Out.WriteLine(Id(step));
            }

            return 0;
        }

        var now = DateTimeOffset.UtcNow;
        var view = new ListView<ImageHistoryStep>(
            [
                new("Comment", "COMMENT", static step => step.Comment),
                new("CreatedAt", "CREATED AT", static step => Timestamp.Local(DateTimeOffset.FromUnixTimeSeconds(step.Created))),
                new("CreatedBy", "CREATED BY", step => CreatedBy(step)),
                new("CreatedSince", "CREATED", step => Created(step, now)),
                new("ID", "IMAGE", Id),
                new("Size", "SIZE", step => _human.Value ? HumanSize.Format(step.Size) : Integer.Format(step.Size)),
            ],
            ["ID", "CreatedSince", "CreatedBy", "Size", "Comment"])
        {
            TypeName = "*image.historyContext",
        };
        view.Write(session.Out, steps, _format.Value);
        return 0;
    }

    private string Created(ImageHistoryStep step, DateTimeOffset now)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(step.Created);
        return _human.Value ? HumanDuration.Format(now - time) + " ago" : Timestamp.Rfc3339(time);
    }

    private string CreatedBy(ImageHistoryStep step)
    {
        var text = step.CreatedBy.Replace('\t', ' ');
        return _noTruncate.Value ? text : Ellipsis.Cut(text, 45);
    }

    private string Id(ImageHistoryStep step) => _noTruncate.Value || step.Id == "<missing>" ? step.Id : Ellipsis.Id(step.Id);
}

using Sampan.Cli.Values;
using Sampan.Engine.Logs;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan logs.</summary>
internal sealed class LogsCommand : Command
{
    private readonly Switch _details;
    private readonly Switch _follow;
    private readonly ValueFlag<string> _since;
    private readonly ValueFlag<string> _tail;
    private readonly Switch _timestamps;
    private readonly ValueFlag<string> _until;

    /// <summary>Declares the flags.</summary>
    public LogsCommand()
    {
        _details = Flags.Switch("details", '\0', "Show extra details provided to logs");
        _follow = Flags.Switch("follow", 'f', "Follow log output");
        _since = Flags.Text("since", '\0', "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
        _tail = Flags.Text("tail", 'n', "Number of lines to show from the end of the logs", "all");
        _timestamps = Flags.Switch("timestamps", 't', "Show timestamps");
        _until = Flags.Text("until", '\0', "Show logs before a timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Engine.Containers.Find(arguments[0]);
        var now = DateTimeOffset.UtcNow;
        var options = new LogReadOptions
        {
            Details = _details.Value,
            Follow = _follow.Value,
            Tail = Tail(),
            Since = Time(_since, now),
            Until = Time(_until, now),
        };
        session.Engine.Log(container).Read(options, new LogPrinter(session.Out, session.Error, _timestamps.Value));
        return 0;
    }

    private static DateTimeOffset? Time(ValueFlag<string> flag, DateTimeOffset now)
    {
        if (flag.Value.Length == 0)
        {
            return null;
        }

        return TimeArgument.Parse(flag.Value, now)
            ?? throw SampanException.InvalidArgument($"invalid value for \"{flag.Name}\": failed to parse value as time or duration: \"{flag.Value}\"");
    }

    // Docker: what is not a number, and a negative number, means all.
    private long? Tail() => long.TryParse(_tail.Value, out var lines) && lines >= 0 ? lines : null;
}

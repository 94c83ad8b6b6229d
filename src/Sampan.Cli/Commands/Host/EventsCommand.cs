using Sampan.Cli.Formatting;
using Sampan.Cli.Values;
using Sampan.Engine.Events;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan events.</summary>
internal sealed class EventsCommand : Command
{
    private readonly Filters _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<string> _since;
    private readonly ValueFlag<string> _until;

    /// <summary>Declares the flags.</summary>
    public EventsCommand()
    {
        _filters = new(Flags);
        _format = Flags.Text(
            "format",
            '\0',
            "Format output using a custom template:\n'json':             Print in JSON format\n'TEMPLATE':         Print output using the given Go template.");
        _since = Flags.Text("since", '\0', "Show all events created since timestamp");
        _until = Flags.Text("until", '\0', "Stream events until this timestamp");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var now = DateTimeOffset.UtcNow;
        var filter = new EventFilter(_filters);
        var print = EventFormat.Parse(_format.Value);
        new EventReader(session.Engine.Paths).Read(
            Time(_since, now),
            Time(_until, now),
            happened =>
            {
                if (filter.Matches(happened))
                {
                    session.Out.WriteLine(print(happened));
                }
            },
            session.Out.Flush);
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
}

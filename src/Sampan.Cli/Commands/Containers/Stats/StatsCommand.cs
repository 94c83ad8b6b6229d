using Sampan.Cli.Formatting;
using Sampan.Flags;
using Sampan.Linux.Events;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Containers.Stats;

/// <summary>sampan stats. On a terminal it draws over itself each second; into a pipe it writes a table each second.</summary>
internal sealed class StatsCommand : Command
{
    private const int Interval = 1000;

    private readonly Switch _all;
    private readonly ValueFlag<string> _format;
    private readonly Switch _noStream;
    private readonly Switch _noTruncate;

    /// <summary>Declares the flags.</summary>
    public StatsCommand()
    {
        _all = Flags.Switch("all", 'a', "Show all containers (default shows just running)");
        _format = FormatFlag.ForList(Flags);
        _noStream = Flags.Switch("no-stream", '\0', "Disable streaming stats and only pull the first result");
        _noTruncate = Flags.Switch("no-trunc", '\0', "Do not truncate output");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(0);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.RunningContainers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var view = new ListView<StatsRow>(StatsRow.Columns, ["ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"])
        {
            TypeName = "*container.statsContext",
        }.Compile(_format.Value);
        var sampler = new StatsSampler(session.Engine, arguments, _all.Value, !_noTruncate.Value);
        var isTerminal = !_noStream.Value && TerminalMode.IsTerminal(session.Out.Descriptor.Number);
        var live = isTerminal && _format.Value is ("" or "table") ? new LiveView(session.Out) : null;
        if (isTerminal)
        {
            session.Out.Write("\e[2J").Flush();
        }

        // A share of time needs two samples.
        sampler.Take();
        using var timer = new TimerDescriptor();
        while (true)
        {
            timer.Arm(Interval);
            Poll.Wait(timer.Descriptor.Number, EpollEvents.Readable);
            timer.Acknowledge();
            var rows = sampler.Take();
            if (live is not null)
            {
                live.Draw(rows);
            }
            else
            {
                session.Out.Write(isTerminal ? "\e[H\e[J" : "");
                view(session.Out, rows);
                session.Out.Flush();
            }

            if (_noStream.Value || (arguments.Count > 0 && rows.Count == 0))
            {
                return 0;
            }
        }
    }
}

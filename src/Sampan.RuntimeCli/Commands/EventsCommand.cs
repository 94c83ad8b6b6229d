using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Oci.Events;
using Sampan.Runtime.Containers;
using Sampan.Runtime.Statistics;

namespace Sampan.RuntimeCli.Commands;

/// <summary>events: counters every so often, and a line each time memory runs out.</summary>
internal sealed class EventsCommand : Command
{
    private readonly ValueFlag<TimeSpan> _interval;
    private readonly Switch _stats;

    public EventsCommand()
    {
        _interval = Flags.Add(new ValueFlag<TimeSpan>("interval", '\0', "set the stats collection interval", "value", Duration.Parse, TimeSpan.FromSeconds(5), "5s"));
        _stats = Flags.Switch("stats", '\0', "display the container's stats then exit");
    }

    public override string Usage => "[command options] <container-id>";

    public override int Least => 1;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var container = session.Find(arguments[0]);
        if (_interval.Value <= TimeSpan.Zero)
        {
            throw SampanException.InvalidArgument("duration interval must be greater than 0");
        }

        if (container.Status == ContainerStatus.Stopped)
        {
            throw SampanException.Conflict($"container with id {container.Id} is not running");
        }

        if (_stats.Value)
        {
            Write(session, Counters(container));
            return 0;
        }

        Follow(session, container);
        return 0;
    }

    private void Follow(Session session, OciContainer container)
    {
        using var process = container.OpenProcess();
        using var memory = container.Cgroup.WatchOom();
        Span<PollEntry> entries = stackalloc PollEntry[2];
        var next = Environment.TickCount64 + (long)_interval.Value.TotalMilliseconds;
        while (process is not null)
        {
            entries[0] = new(process.Number, EpollEvents.Readable);
            entries[1] = new(memory.Descriptor.Number, EpollEvents.Readable);
            Poll.Wait(entries, (int)Math.Clamp(next - Environment.TickCount64, 0, int.MaxValue));
            if (entries[1].Ready != EpollEvents.None)
            {
                for (var count = memory.Drain().Count; count > 0; count--)
                {
                    Write(session, new() { Type = "oom", Id = container.Id });
                }
            }

            if (entries[0].Ready != EpollEvents.None)
            {
                return;
            }

            if (Environment.TickCount64 >= next)
            {
                Write(session, Counters(container));
                next = Environment.TickCount64 + (long)_interval.Value.TotalMilliseconds;
            }
        }
    }

    private static ContainerEvent Counters(OciContainer container) => new() { Type = "stats", Id = container.Id, Data = StatisticsReader.Read(container.Cgroup) };

    private static void Write(Session session, ContainerEvent line)
    {
        session.Out.WriteBytes(EventJson.ContainerEvent.ToBytes(line));
        session.Out.WriteLine();
        session.Out.Flush();
    }
}
